/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words, in Simplified characters; both scripts fold to the same. */
#include "text/page_words.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "text/fold.h"

enum { WORD_MOST = 16, WORDS_MOST = 704, HEAD_BITS = 11, HEADS = 1 << HEAD_BITS };

struct word {
    uint32_t characters[WORD_MOST];
    size_t count;
    unsigned flags;
};

/* The words that begin with a character. */
struct head {
    uint32_t character;  /* 0: the place is free */
    uint16_t first, end; /* of the items */
};

/* What tells most words from what stands there. */
struct glance {
    uint32_t second; /* character; 0 where the word has but one */
    uint16_t count, flags;
};

struct table {
    struct page_words words;       /* what others see of it */
    struct word items[WORDS_MOST]; /* by the first character, then the longest first */
    size_t count;
    struct glance glances[WORDS_MOST]; /* at the items */
    struct head heads[HEADS];          /* by a hash of the character, or behind that place */
};

static_assert(HEADS > 2 * WORDS_MOST, "a character that begins no word soon meets a free place");
static_assert(PAGE_WORD_ACCOUNT <= UINT16_MAX, "the flags fit the filter");
static_assert(offsetof(struct table, words) == 0, "who has the one has the other");

/* Words of one set, with spaces between. */
static const struct {
    unsigned flags;
    const char *words;
} sets[] = {
    {PAGE_WORD_MENU, "首页 主页 网站首页 返回首页 登录 登陆 注册 免费注册 退出 手机版 手机网 "
                     "电脑版 移动版 手机浏览 手机站 客户端 网站导航 导航 分类导览 "
                     "分类导航 网站地图 站点地图 关于我们 关于本站 联系我们 联系方式 联络我们 "
                     "广告服务 广告合作 商务合作 友情链接 法律声明 免责声明 隐私政策 "
                     "隐私保护 服务条款 使用条款 用户协议 诚聘英才 人才招聘 招贤纳士 加入我们 "
                     "加入收藏 加入书签 设为首页 设为主页 收藏本站 网站声明 "
                     "无障碍 无障碍阅读 无障碍浏览 长者模式 适老版 关怀版 繁体 简体 繁体版 简体版 "
                     "繁体中文 简体中文 english 投稿 在线投稿 我要投稿 搜索 "
                     "站内搜索 高级搜索 政务公开 办事服务 互动交流 数据开放 新闻中心 政务服务 "
                     "信息公开 政民互动 会员中心 个人中心 我的订单 购物车 邮箱 "
                     "意见反馈 帮助中心 常见问题 举报中心 违法举报 不良信息举报 版权声明 rss 订阅 "
                     "网站律师 新闻热线 热线电话 返回顶部 回到顶部 top 上一页 "
                     "下一页 尾页 频道 论坛 博客 视频 图片 专题 财经 体育 娱乐 汽车 房产 旅游 科技 "
                     "军事 国际 国内 时事 要闻 滚动 社会"},
    {PAGE_WORD_TOOL,
     "分享 分享到 分享至 微博 新浪微博 腾讯微博 微信 微信好友 微信扫码 朋友圈 qq qq空间 qq好友 "
     "复制 复制链接 链接 打印 打印本页 列印 列印本页 "
     "打印此页 友善列印 关闭 关闭窗口 关闭本页 收藏 收藏本文 点赞 赞 踩 评论 我要评论 发表评论 "
     "条评论 参与评论 转发 转载 举报 纠错 我要纠错 "
     "字体 字号 字体大小 大 中 小 特大 超大 放大 缩小 默认 扫一扫 扫码 扫描二维码 二维码 "
     "手机打开当前页 在手机打开当前页 手机查看 手机阅读 "
     "展开全文 展开 收起 阅读全文 查看全文 查看原文 点击查看 点击查看大图 查看更多 下载app 打开app "
     "app 关注 粉丝 万粉丝 已认证 已关注 "
     "加关注 滑动查看 滑动查看下一张图片 下一张 上一张 下一张图片 左右滑动 左右滑动查看 "
     "查看更多精彩内容 更多精彩内容 点击 阅读 浏览 次阅读 次浏览 人阅读 "
     "语音播报 听新闻 朗读 推荐给朋友 发送邮件 邮件 只看该作者 返回 返回列表 保存 收听 播放 暂停 "
     "点击上方 点击上方蓝字 点击上方蓝色字体 点击蓝字 上方蓝字 蓝字 点击下方 点击关注 关注我们 "
     "关注公众号 关注该公众号 长按二维码 识别二维码 长按识别二维码 微信扫一扫 阅读原文 收录于话题 "
     "收录于合集"},
    {PAGE_WORD_ACCOUNT, "微信号 功能介绍"},
    {PAGE_WORD_LIST, "相关 推荐 热门 热点 热文 热搜 最新 最热 精彩 更多 猜你 猜您 延伸 扩展 拓展 "
                     "往期 编辑推荐 为你 为您 点击 阅读排行 点击排行 新闻排行 "
                     "一周热门 本周热门 今日热门 本月热门 一周 本周 今日 24小时 48小时 周 月 "
                     "大家都在看 大家还在看 大家在看 人人都在看 你可能喜欢 您可能喜欢 "
                     "你可能还喜欢 您可能还喜欢 你可能感兴趣 您可能感兴趣 你还可能喜欢 猜你喜欢 "
                     "猜您喜欢 为你推荐 为您推荐 他们还看了 看了又看 还看过 图文 图片 "
                     "频道 头条 本栏 本站 同类 其他 今日 站内 友情 读者 随机 网友 近期 recommended "
                     "related popular 相关新闻 相关阅读 相关推荐 相关文章 "
                     "相关链接 排行榜 热榜 热搜榜 热门榜 推荐阅读 视频推荐 专题推荐 特别推荐 "
                     "独家推荐 相关标签 热门标签"},
    {PAGE_WORD_LIST_END, "推荐 阅读 文章 新闻 资讯 知识 链接 报道 内容 专题 信息 排行 排行榜 榜 "
                         "榜单 视频 图片 帖子 话题 搜索 标签 博文 产品 看点 回顾 精彩 "
                         "热点 热文 热门 好文 头条 喜欢 动态 关键词 问题 问答 词条 栏目 稿件 评论 "
                         "排名 点击 news articles stories posts 图文 课程 下载 病例 疾病 文献"},
    {PAGE_WORD_NEIGHBOUR, "上一篇 下一篇 上一条 下一条 上一则 下一则 前一篇 后一篇 上篇 下篇 "
                          "上一新闻 下一新闻 上一主题 下一主题"},
    {PAGE_WORD_CREDIT, "编辑 责任编辑 责编 本文编辑 文字编辑 图片编辑 网页编辑 网络编辑 值班编辑 "
                       "实习编辑 见习编辑 新媒体编辑 微信编辑 内容编辑 本期编辑 编审 "
                       "编校 校对 审校 审核 审稿 初审 复审 终审 一审 二审 三审 核稿 签发 监制 "
                       "总监制 值班主编 值班总编 值班主任 录入 录入员 上传 文章录入 文章编辑 "
                       "信息录入 信息审核 排版 美编 视觉 责任校对 责任审核"},
    {PAGE_WORD_CREDIT | PAGE_WORD_TAGS, "关键词 关键字 关键词语 标签 文章标签 本文标签 tag tags "
                                        "keyword keywords 相关标签 热门标签 主题词"},
    {PAGE_WORD_DATE, "日期 时间 发布时间 发布日期 发布于 发布 发表时间 发表日期 发表于 更新时间 "
                     "更新日期 更新于 更新 发文日期 发文时间 成文日期 发稿时间 "
                     "刊发时间 刊登日期 录入时间 添加时间 上传时间 提交时间 编辑时间 创建时间 "
                     "文章日期 新闻日期 最后更新 最后更新时间 最后更新日期 最后更新于 公告日期 "
                     "公布日期 公布时间 发稿日期 "
                     "publishedon posted date"},
    {PAGE_WORD_SOURCE,
     "来源 来源于 来自 信源 信息来源 文章来源 新闻来源 稿件来源 稿源 资料来源 内容来源 消息来源 "
     "本文来源 文稿来源 发布单位 发布机构 信息提供 供稿单位 source"},
    {PAGE_WORD_AUTHOR, "作者 文章作者 本文作者 记者 本报记者 撰稿 撰文 通讯员 供稿 供稿人 发布人 "
                       "发布者 发布人员 文 文图 图文 author"},
    {PAGE_WORD_PICTURES, "图 摄 摄影 摄影师 制图 绘图 漫画"},
    {PAGE_WORD_COUNTER, "点击 点击数 点击率 点击量 点击数量 点击次数 浏览 浏览数 浏览量 浏览次数 "
                        "阅读 阅读数 阅读量 阅读次数 访问 访问量 访问次数 人气 查看 查看次数 "
                        "字体 字号 字体大小 视力保护色 评论 评论数 热度 分享 分享到 分享至 打印 次 "
                        "条 保护视力色 背景色 views hits 栏目 所属栏目 分类 所属分类 索引号 文号"},
    {PAGE_WORD_COPYRIGHT,
     "版权所有 版权归 版权声明 copyright © icp备 icp证 公网安备 网站标识码 "
     "网安备 备案号 未经授权不得 未经授权禁止 未经授权请 未经许可不得 未经许可禁止 "
     "未经书面授权 不得转载 "
     "转载请注明 转载须 禁止转载 谢绝转载 请勿转载 严禁转载 不代表本站 "
     "不代表本网 不代表本平台 分辨率浏览 许可证编号 经营许可证 "
     "互联网新闻信息服务 信息网络传播视听 技术支持 版权归原作者 如有侵权 "
     "如侵权 若侵权 涉及侵权请 侵权请 侵权必究 请联系删除"},
    {PAGE_WORD_NOTICE,
     "声明 免责声明 特别声明 版权声明 郑重声明 重要声明 版权 网址 本文网址 本文链接 原文链接 "
     "本文地址 文章链接 文章地址 链接地址 转载请注明 "
     "转载请注明出处 转载地址 举报电话 举报邮箱 投稿邮箱 联系邮箱 联系电话 主办 承办 技术支持 "
     "版权所有 主办单位 承办单位 地址 邮编 电话 传真 邮箱 温馨提示 风险提示"},
    {PAGE_WORD_PLACE,
     "当前位置 您的位置 你的位置 您当前位置 您当前所在位置 您当前的位置 您所在的位置 您现在的位置 "
     "你现在的位置 当前所在位置 现在位置 所在位置 位置 导航"},
};

static int by_first_then_longest(const void *a, const void *b) {
    const struct word *left = a, *right = b;
    if (left->characters[0] != right->characters[0])
        return left->characters[0] < right->characters[0] ? -1 : 1;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return memcmp(left->characters, right->characters, left->count * sizeof *left->characters);
}

static bool add_word(struct table *words, struct folded_text *folded, const char *text, size_t size,
                     unsigned flags) {
    struct word word = {.flags = flags};
    if (!fold_text(folded, text, size))
        return false;
    word.count = folded->count < WORD_MOST ? folded->count : WORD_MOST;
    for (size_t i = 0; i < word.count; i++)
        word.characters[i] = folded->characters[i].code_point;
    if (word.count == 0) { /* © folds to nothing that is kept */
        word.characters[0] = 0xA9;
        word.count = 1;
    }
    for (size_t i = 0; i < words->count; i++) {
        if (words->items[i].count == word.count &&
            memcmp(words->items[i].characters, word.characters,
                   word.count * sizeof *word.characters) == 0) {
            words->items[i].flags |= flags;
            return true;
        }
    }
    if (words->count < WORDS_MOST)
        words->items[words->count++] = word;
    return true;
}

/* The place of a character's head, or the free one where it would be. */
static size_t head_of(const struct table *words, uint32_t character) {
    uint32_t at = character * UINT32_C(0x9E3779B1) >> (32 - HEAD_BITS);
    while (words->heads[at].character != character && words->heads[at].character != 0)
        at = (at + 1) % HEADS;
    return at;
}

xunzi_status page_words_new(struct page_words **out) {
    *out = NULL;
    struct table *words = calloc(1, sizeof *words);
    struct folded_text folded = {0};
    bool ok = words != NULL;
    for (size_t s = 0; ok && s < sizeof sets / sizeof *sets; s++) {
        for (const char *word = sets[s].words; ok && *word;) {
            size_t size = strcspn(word, " ");
            ok = add_word(words, &folded, word, size, sets[s].flags);
            word += size + strspn(word + size, " ");
        }
    }
    folded_text_free(&folded);
    if (!ok) {
        free(words);
        return error_no_memory();
    }
    qsort(words->items, words->count, sizeof *words->items, by_first_then_longest);
    for (size_t i = 0; i < words->count; i++) {
        const struct word *word = &words->items[i];
        uint32_t first = word->characters[0];
        uint16_t flags = (uint16_t)word->flags;
        struct head *head = &words->heads[head_of(words, first)];
        if (head->character == 0)
            *head = (struct head){first, (uint16_t)i, 0};
        head->end = (uint16_t)(i + 1);
        words->glances[i] = (struct glance){word->characters[1], (uint16_t)word->count, flags};
        words->words.first[page_words_place(first)] |= flags;
        if (word->count > 1)
            words->words.pair[page_words_pair_place(first, word->characters[1])] |= flags;
        else
            words->words.single[page_words_place(first)] |= flags;
    }
    *out = &words->words;
    return XUNZI_OK;
}

void page_words_free(struct page_words *words) {
    free(words);
}

size_t page_words_match_any(const struct page_words *words, const uint32_t *characters,
                            size_t count, unsigned mask, unsigned *flags) {
    const struct table *table = (const struct table *)words;
    const struct head *head = &table->heads[head_of(table, characters[0])];
    const uint32_t second = count > 1 ? characters[1] : 0;
    for (size_t i = head->first; i < head->end; i++) {
        const struct glance *glance = &table->glances[i];
        if (!(glance->flags & mask) || glance->count > count ||
            (glance->count > 1 && glance->second != second))
            continue;
        if (glance->count <= 2 || memcmp(table->items[i].characters + 2, characters + 2,
                                         (glance->count - 2u) * sizeof *characters) == 0) {
            *flags = glance->flags;
            return glance->count;
        }
    }
    return 0;
}

size_t page_words_match_end(const struct page_words *words, const uint32_t *characters,
                            size_t begin, size_t end, unsigned mask, unsigned *flags) {
    size_t from = end - begin > WORD_MOST ? end - WORD_MOST : begin;
    for (; from < end; from++)
        if (page_words_match(words, characters + from, end - from, mask, flags) == end - from)
            return end - from;
    return 0;
}
