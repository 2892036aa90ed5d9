/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages: fields, what is set aside, wrapped text, repetition, and pages that are none. Pages are
 * written here, or of corpus/. */
#include <stdio.h>

#include "text/page.h"
#include "text_support.h"

static struct page_reader *reader;
static struct page page;
static const char *page_text;

static int begin(void **state) {
    (void)state;
    return page_reader_new(&reader) == XUNZI_OK ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    page_reader_free(reader);
    page_free(&page);
    return 0;
}

static void read_titled(const char *title, const char *text) {
    page_text = text;
    assert_ok(page_read(reader, xunzi_string_of(title), text, strlen(text), &page));
}

static void read_text(const char *text) {
    read_titled("", text);
}

static void assert_field(const char *expected, struct page_field field) {
    const xunzi_string found = {page_text + field.begin, field.end - field.begin};
    assert_text(xunzi_string_of(expected), found);
    if (*expected == '\0')
        return;
    uint32_t line = 1;
    for (uint32_t i = 0; i < field.begin; i++)
        line += page_text[i] == '\n';
    assert_int_equal(field.line, line);
}

/* The edit that covers the first occurrence of part; NULL: none does. */
static const struct edit *edit_of(const char *part) {
    const char *at = strstr(page_text, part);
    assert_non_null(at);
    uint32_t from = (uint32_t)(at - page_text), to = from + (uint32_t)strlen(part);
    for (size_t i = 0; i < page.edits.count; i++)
        if (page.edits.items[i].begin <= from && to <= page.edits.items[i].end)
            return &page.edits.items[i];
    return NULL;
}

static void assert_aside(const char *part, enum edit_reason reason) {
    const struct edit *edit = edit_of(part);
    if (!edit)
        fail_msg("not set aside: %s", part);
    assert_int_equal(edit->kind, EDIT_ASIDE);
    assert_string_equal(edit_reason_name((enum edit_reason)edit->reason), edit_reason_name(reason));
}

static void assert_kept(const char *part) {
    const struct edit *edit = edit_of(part);
    if (edit)
        fail_msg("set aside as %s: %s", edit_reason_name((enum edit_reason)edit->reason), part);
}

/* Every edit ascends, lies in the text and on bounds of characters. */
static void assert_edits_sound(size_t size) {
    uint32_t before = 0;
    for (size_t i = 0; i < page.edits.count; i++) {
        const struct edit *edit = &page.edits.items[i];
        assert_true(edit->begin >= before && edit->begin < edit->end && edit->end <= size);
        before = edit->end;
    }
}

static const char paragraphs[] =
    "青巖縣衛生院昨日啟用新的影像室，村民不必再搭三小時的車到市裏照片子，當天就能拿到結果。\n"
    "院長說，設備由三家醫院合買，輪流派人駐點，費用按使用的次數分攤，帳目每季公開一次。\n";

static void with_frame(struct buffer *out, const char *head, const char *tail) {
    buffer_clear(out);
    assert_true(buffer_append_text(out, head) && buffer_append_text(out, paragraphs) &&
                buffer_append_text(out, tail) && buffer_terminate(out));
}

static void test_bylines(void **state) {
    (void)state;
    static const struct {
        const char *line, *date, *source, *author;
    } cases[] = {
        {"發布時間:2021-05-28 作者: 來源于: 點擊數量:4749", "2021-05-28", "", ""},
        {"發(fā)布時(shí)間:2021-05-28 來(lái)源:青巖晚報", "2021-05-28", "青巖晚報", ""},
        {"日期：2017/12/27", "2017/12/27", "", ""},
        {"2023年6月27日", "2023年6月27日", "", ""},
        {"青巖在線 | 2023-06-27 18:04:26", "2023-06-27", "青巖在線", ""},
        {"2023-06-27 18:04:26 來源：青巖晚報 作者：丁一", "2023-06-27", "青巖晚報", "丁一"},
        {"日期:2024-02-29 16:14 信息來源:青巖縣衛健委 作者:丁一 點擊:350次 字體:【 大 中 小 】 "
         "打印 關閉",
         "2024-02-29", "青巖縣衛健委", "丁一"},
        {"发布：2020-12-03 09:42　浏览：1186　字号：大 / 中 / 小　打印　关闭窗口", "2020-12-03", "",
         ""},
        {"来源：青岩日报作者：丁一2022年1月3日", "2022年1月3日", "青岩日报", "丁一"},
        {"時間：2021年05月28日 15時04分 來源：青巖晚報 字號：大 中 小", "2021年05月28日",
         "青巖晚報", ""},
        {"2021年5月28日 15時04分20秒 來源：青巖晚報", "2021年5月28日", "青巖晚報", ""},
        {"2021年5月28日 星期五", "2021年5月28日", "", ""},
        {"2021-05-28（週五）上午 10:30", "2021-05-28", "", ""},
        {"青巖晚報 2021-05-28 星期五 10:30", "2021-05-28", "青巖晚報", ""},
        {"發表於 2021-05-28 10:00", "2021-05-28", "", ""},
        {"丁一 發表於 2021-05-28 10:00", "2021-05-28", "", "丁一"},
        {"最後更新：2021-05-28", "2021-05-28", "", ""},
        {"时间：2021-05-28 信源：青岩晚报", "2021-05-28", "青岩晚报", ""},
        {"青巖縣政府網站 2021-05-28 10:00 來源: 青巖縣衛健委", "2021-05-28", "青巖縣衛健委", ""},
        {"民國112年5月28日", "民國112年5月28日", "", ""},
        {"中華民國 112 年 5 月 28 日 來源：青巖晚報", "中華民國 112 年 5 月 28 日", "青巖晚報", ""},
        {"發布日期：二○二一年五月二十八日 作者：丁一", "二○二一年五月二十八日", "", "丁一"},
        {"來源：青巖晚報 二〇二一年五月廿八日", "二〇二一年五月廿八日", "青巖晚報", ""},
        {"日期：二〇二一年五月三十二日", "", "", ""},
        {"日期：5月28日 來源：青巖晚報", "", "青巖晚報", ""},
        {"來源：青巖晚報 | 2021-05-28 | 記者 丁一", "2021-05-28", "青巖晚報", "丁一"},
        {"來源：青巖晚報｜2021-05-28｜記者 丁一", "2021-05-28", "青巖晚報", "丁一"},
        {"來源丨青巖晚報丨2021-05-28丨記者 丁一", "2021-05-28", "青巖晚報", "丁一"},
        {"來源：青巖晚報 2021-05-28 10:30 記者 丁一 閱讀 12", "2021-05-28", "青巖晚報", "丁一"},
        {"2021-05-28 來源: 青巖晚報 作者: 丁一 點擊: 12", "2021-05-28", "青巖晚報", "丁一"},
        {"2021-05-28 | 青巖晚報 | 閱讀 12", "2021-05-28", "青巖晚報", ""},
        {"時間：2021-05-28 | 青巖晚報", "2021-05-28", "青巖晚報", ""},
        {"記者 丁一", "", "", "丁一"},
        {"(記者 丁一)", "", "", "丁一"},
        {"（本報記者 丁一 王五 通訊員 李四）", "", "", "丁一 王五"},
        {"文/丁一", "", "", "丁一"},
        {"文 / 丁一、王五", "", "", "丁一、王五"},
        {"文丨丁一", "", "", "丁一"},
        {"文／丁一 圖／王五", "", "", "丁一"},
        {"記者 丁一 攝影 王五", "", "", "丁一"},
        {"■記者 丁一 攝影報道", "", "", "丁一"},
        {"文/圖 丁一", "", "", "丁一"},
        {"文｜丁一 編輯｜王五", "", "", "丁一"},
        {"來源/青巖晚報", "", "青巖晚報", ""},
        {"來源 | 青巖晚報", "", "青巖晚報", ""},
        {"來源/青巖晚報 文/丁一 編輯/王五", "", "青巖晚報", "丁一"},
        {"二〇二一年五月二十八日", "二〇二一年五月二十八日", "", ""},
        {"（二〇二一年五月二十八日）", "二〇二一年五月二十八日", "", ""},
        {"二〇二一年五月二十八日 星期五", "二〇二一年五月二十八日", "", ""},
        {"青巖晚報丨二〇二一年五月二十八日", "二〇二一年五月二十八日", "青巖晚報", ""},
        {"作者: 來源于:", "", "", ""},
        {"发布日期：2021-13-45", "", "", ""},
    };
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char head[400];
        snprintf(head, sizeof head, "影像室進山\n%s\n", cases[i].line);
        with_frame(&text, head, "");
        read_text(text.data);
        assert_field("影像室進山", page.title);
        assert_field(cases[i].date, page.date);
        assert_field(cases[i].source, page.source);
        assert_field(cases[i].author, page.author);
        assert_kept("青巖縣衛生院昨日");
    }
    buffer_free(&text);
}

/* Words of labels without a colon are words, where no name follows. */
static void test_lines_that_are_no_bylines(void **state) {
    (void)state;
    static const char *const titles[] = {
        "記者 請你慢些走",
        "記者 丁一在青巖住了三年",
        "圖文 | 青巖的秋天",
        "圖 | 青巖秋色",
        "圖/王五",
        "來源 山上的水",
        "青巖秋色 發布時間：2021-05-28",
        "文/理科的學生都來了",
        "一年五月的日",
    };
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        char head[400];
        snprintf(head, sizeof head, "%s\n", titles[i]);
        with_frame(&text, head, "");
        read_text(text.data);
        assert_field(titles[i], page.title);
        assert_field("", page.source);
        assert_field("", page.author);
    }
    buffer_free(&text);
}

/* When a meeting was held is no byline. */
static void test_time_of_an_event(void **state) {
    (void)state;
    struct buffer text = {0};
    with_frame(&text, "會議紀錄\n時間：2021年5月28日上午九點\n地點：三樓\n", "");
    read_text(text.data);
    assert_field("", page.source);
    assert_kept("2021年5月28日上午九點");
    buffer_free(&text);
}

static void test_byline_is_set_aside_but_for_names(void **state) {
    (void)state;
    struct buffer text = {0};
    with_frame(&text, "影像室進山\n日期:2024-02-29 信息來源:青巖縣衛健委 作者:丁一 點擊:350次\n",
               "");
    read_text(text.data);
    assert_aside("日期", EDIT_REASON_FIELDS);
    assert_aside("2024-02-29", EDIT_REASON_FIELDS);
    assert_aside("點擊:350次", EDIT_REASON_FIELDS);
    assert_kept("青巖縣衛健委");
    assert_kept("丁一");
    with_frame(&text, "影像室進山\n", "信息來源:青巖縣衛健委\n");
    read_text(text.data);
    assert_field("青巖縣衛健委", page.source);
    buffer_free(&text);
}

static void test_title_is_not_navigation(void **state) {
    (void)state;
    static const char *const heads[] = {
        "<ul id=\"x1\"></ul>\n• 手機版 | 網站導航\n青巖在線 > 專題 >\n\n影像室進山\n\n青巖在線 | "
        "2023-06-27 18:04:26\n\n",
        "首頁>衛生>要聞\n影像室進山\n",
        "影像室進山\n影像室進山\n日期:2024-02-29\n",
        "首页 政务公开 办事服务 互动交流\n您当前所在位置：首页 >> 要闻\n发布：2020-12-03 "
        "浏览：11\n影像室進山\n日期：2020-12-03\n",
        "影像室進山\n",
        "青巖在線\n影像室進山\n日期：2020-12-03\n",
    };
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        with_frame(&text, heads[i], "");
        read_text(text.data);
        assert_field("影像室進山", page.title);
    }
    buffer_free(&text);
}

/* What an account of a network tells about itself before the article. */
static void test_account(void **state) {
    (void)state;
    static const char *const heads[] = {
        "點擊上方藍字關注我們\n影像室進山\n",
        "↑ 點擊上方藍色字體關注我們！↑\n影像室進山\n",
        "影像室進山\n青巖發布\n微信號 qingyan_2021\n功能介紹 縣裏的事，在這裏說給您聽。\n",
        "微信號：qingyan-fabu\n功能介紹：縣裏的事\n影像室進山\n2021-05-28\n",
        "微信号 qingyan\n功能介绍 "
        "县里的事，在这里说给您听，不论大小，凡是村民想知道的，我们都去问，问到了就写在这里给大家看"
        "，"
        "欢迎来信。\n影像室進山\n2021-05-28\n",
    };
    struct buffer text = {0};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        with_frame(&text, heads[i], "");
        read_text(text.data);
        assert_edits_sound(text.size);
        assert_field("影像室進山", page.title);
        assert_kept("青巖縣衛生院昨日");
        static const char *const parts[] = {"點擊上方藍", "微信",     "qingyan",
                                            "功能介",     "縣裏的事", "县里的事"};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            if (strstr(page_text, parts[k]))
                assert_aside(parts[k], EDIT_REASON_TOOLS);
    }
    /* Where no account is named before it, or the article has begun, it is text. */
    static const char *const articles[] = {
        "影像室進山\n功能介紹 這臺設備能照胸部，也能照四肢。\n",
        "影像室進山\n功能介紹：這臺設備能照胸部，也能照四肢。\n",
        "影像室進山\n縣裏給每個村都建了群，消息當天就到。\n微信號 qingyan\n功能介紹 掛號。\n",
        "影像室進山\n微信號 怎樣申請\n功能介紹 掛號。\n",
    };
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        with_frame(&text, articles[i], "");
        read_text(text.data);
        assert_field("影像室進山", page.title);
        assert_kept("功能介紹");
        if (strstr(page_text, "微信號"))
            assert_kept("微信號");
    }
    buffer_free(&text);
}

static void test_frame(void **state) {
    (void)state;
    struct buffer text = {0};
    with_frame(&text,
               "· 手機瀏覽 | 分類導覽 | 加入書籤\n青巖在線 > 新聞中心 > "
               "正文\n影像室進山\n日期：2024-06-30\n",
               "(圖：主辦單位提供)\n編輯:丁一\n關鍵詞:影像 山區\n標籤：合作 簽約\n• "
               "標籤:青巖,新聞,專題,財經,排行,教育,熱點。\n"
               "分享到：微博 朋友圈 複製鏈接 "
               "列印本頁\n上一篇：碼頭照明更新\n下一篇：渡船班次\n聲明：本文僅代表作者觀點，平台僅"
               "提供存儲。\n"
               "相關推薦\n· 路燈更換計畫\n· 地下道封閉施工!快看看有哪些!\n熱門排行\n1 "
               "颱風前該檢查什麼？ 9988\n2 週末市集攤位 8604\n"
               "關於我們 | 廣告服務 | 網站地圖\nCopyright (c) 2018 青巖在線 "
               "版權所有\n青ICP備00000000號\n");
    read_text(text.data);
    assert_edits_sound(text.size);
    assert_field("影像室進山", page.title);
    assert_aside("手機瀏覽", EDIT_REASON_NAVIGATION);
    assert_aside("新聞中心 > 正文", EDIT_REASON_NAVIGATION);
    assert_kept("青巖縣衛生院昨日");
    assert_kept("(圖：主辦單位提供)");
    assert_aside("編輯:丁一", EDIT_REASON_CREDITS);
    assert_aside("關鍵詞:影像 山區", EDIT_REASON_CREDITS);
    assert_aside("財經,排行", EDIT_REASON_CREDITS);
    assert_aside("複製鏈接", EDIT_REASON_TOOLS);
    assert_aside("碼頭照明更新", EDIT_REASON_RELATED);
    assert_aside("僅代表作者觀點", EDIT_REASON_COPYRIGHT);
    assert_aside("路燈更換", EDIT_REASON_RELATED);
    assert_aside("快看看有哪些", EDIT_REASON_RELATED);
    assert_aside("颱風前", EDIT_REASON_RELATED);
    assert_aside("週末市集", EDIT_REASON_RELATED);
    assert_aside("廣告服務", EDIT_REASON_NAVIGATION);
    assert_aside("版權所有", EDIT_REASON_COPYRIGHT);
    assert_aside("青ICP備", EDIT_REASON_COPYRIGHT);
    buffer_free(&text);
}

/* A list of other articles ends where a paragraph follows. */
static void test_list_in_the_middle(void **state) {
    (void)state;
    struct buffer text = {0};
    with_frame(&text, "影像室進山\n",
               "相關閱讀\n· 路燈更換計畫\n· 地下道封閉\n"
               "另據了解，縣裏還打算在明年把同樣的做法推到另外五個鄉鎮，經費已經編入預算，人員正在"
               "訓練，設備會陸續運到。\n");
    read_text(text.data);
    assert_kept("另據了解");
    buffer_free(&text);
}

static void test_lists_of_the_article_are_kept(void **state) {
    (void)state;
    struct buffer text = {0};
    with_frame(&text, "影像室進山\n",
               "今年的三件大事是：\n1. 影像室啟用\n2. 醫院合買設備\n3. 帳目公開\n");
    read_text(text.data);
    assert_kept("影像室啟用");
    assert_kept("帳目公開");
    with_frame(&text, "影像室進山\n",
               "· 設備由三家醫院合買\n· 費用按使用次數分攤\n· 帳目每季公開\n");
    read_text(text.data);
    assert_kept("費用按使用次數");
    /* Headlines are longer, whatever words these have. */
    with_frame(&text, "影像室進山\n", "· 不要佩戴金屬\n· 不要化妝\n· 前晚禁食\n");
    read_text(text.data);
    assert_kept("不要化妝");
    with_frame(&text, "影像室進山\n",
               "◆影像室◆\n村民說，這下方便多了，孩子半夜發燒也不必再等天亮才下山去。\n");
    read_text(text.data);
    assert_kept("◆影像室◆");
    buffer_free(&text);
}

static void test_spam(void **state) {
    (void)state;
    struct buffer text = {0};
    static const char spam[] = "彩票官網登錄|特價機票一折起|免費領取優惠券|代開發票加微信|"
                               "百倍返利限時搶|真人牌局在線玩|信用卡提額|";
    with_frame(&text, "影像室進山\n", spam);
    read_text(text.data);
    assert_aside("彩票官網", EDIT_REASON_SPAM);
    assert_aside("信用卡提額", EDIT_REASON_SPAM);
    /* Behind the last sentence of a paragraph, on the same line. */
    buffer_clear(&text);
    assert_true(
        buffer_append_text(&text, "影像室進山\n") &&
        buffer_append(&text, paragraphs, sizeof paragraphs - 2) &&
        buffer_append_text(&text, spam) &&
        buffer_append_text(
            &text, "\n院長說，設備由三家醫院合買，費用按使用的次數分攤，帳目每季公開一次。\n") &&
        buffer_terminate(&text));
    read_text(text.data);
    assert_aside("彩票官網", EDIT_REASON_SPAM);
    assert_kept("帳目每季公開一次");
    /* A table of the article's own words is none. */
    with_frame(&text, "影像室進山\n",
               "衛生院|影像室|三家醫院|使用的次數|設備|費用|帳目|結果|村民|院長\n");
    read_text(text.data);
    const struct edit *edit = edit_of("三家醫院|使用的次數");
    assert_true(edit == NULL || edit->reason != EDIT_REASON_SPAM);
    buffer_free(&text);
}

static void test_declared_title(void **state) {
    (void)state;
    struct buffer text = {0};
    with_frame(&text, "影像室進山\n", "");
    read_titled("影像室進山", text.data);
    assert_field("", page.title);
    assert_aside("影像室進山", EDIT_REASON_TITLE);
    buffer_free(&text);
}

/* What has no article in it is taken as it is. */
#define MENU_PAGE                                                                         \
    "首頁 | 新聞 | 財經\n登錄 | 註冊\n相關推薦\n· 路燈更換計畫\n· " \
    "地下道封閉施工!快看看有哪些!\n版權所有：青巖在線\n"
static void test_all_navigation(void **state) {
    (void)state;
    static const char *const texts[] = {
        MENU_PAGE, "關於我們\n聯繫方式\n網站地圖\n", "編輯:丁一\n", "||||||||||||||||\n", "",
        "\n\n \n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        read_text(texts[i]);
        assert_int_equal(page.edits.count, 0);
    }
}

static void test_wrapped_text(void **state) {
    (void)state;
    read_titled("x", "青巖縣衛生院昨日啟用新的影像室，村民不必再搭三\n小時的車到市裏照片子，當天就"
                     "能拿到結果。院長說\n"
                     "，設備由三家醫院合買，輪流派人駐點，費用按使用\n的次數分攤，帳目每季公開一次"
                     "。\n\n影像室進山\n");
    size_t breaks = 0;
    for (size_t i = 0; i < page.edits.count; i++) {
        assert_int_equal(page.edits.items[i].kind, EDIT_SKIP);
        assert_int_equal(page.edits.items[i].reason, EDIT_REASON_LINE_BREAK);
        breaks++;
    }
    assert_int_equal(breaks,
                     2); /* 三/小時, 使用/的; not before the comma, not before a blank line */
    read_titled("x", "影像室進山\n村民不必再搭三小時的車到市裏照片子，當天就能拿到結果。\n青巖的秋"
                     "天\n山路上的落葉很厚，走起來沒有聲音。\n");
    assert_int_equal(page.edits.count, 0);
}

/* A line that stands around many articles is set aside, and not before. */
/* A line is full also where it ends with a reading. */
static void test_wrapped_text_with_readings(void **state) {
    (void)state;
    read_titled("x", "青巖縣(xiàn)衛(wèi)生院昨日啟用新的影像室(shì)\n"
                     "村民不必搭三小時(shí)的車(chē)，到市裏照(zhào)\n"
                     "片子，當天就能拿到結果。院長說的（見附件）\n"
                     "設備由三家醫(yī)院合買，輪流派人駐點。\n");
    assert_int_equal(page.edits.count, 2);
    for (size_t i = 0; i < page.edits.count; i++)
        assert_int_equal(page.edits.items[i].reason, EDIT_REASON_LINE_BREAK);
}

static void test_repetition(void **state) {
    (void)state;
    struct buffer text = {0};
    struct page_memory *memory = page_reader_memory(reader);
    *memory = (struct page_memory){0};
    for (int i = 0; i < 2 * PAGE_MEMORY_REPEATED; i++) {
        char head[200];
        snprintf(head, sizeof head,
                 "第%d號影像室\n第%d號影像室在今天上午啟用，村民不必再搭車到市裏照片子。\n", i, i);
        with_frame(&text, head, "青巖的風吹到你心裏\n");
        read_text(text.data);
        if (i < PAGE_MEMORY_REPEATED)
            assert_kept("青巖的風");
        else
            assert_aside("青巖的風", EDIT_REASON_REPEATED);
        page_remember(reader);
        page_remember(reader); /* the same article again says nothing */
    }
    struct buffer bytes = {0};
    struct page_memory *copy = calloc(1, sizeof *copy);
    assert_non_null(copy);
    assert_true(memory->changed && page_memory_encode(memory, &bytes));
    assert_false(memory->changed);
    assert_ok(page_memory_decode(copy, bytes.data, bytes.size));
    assert_int_equal(page_memory_times(copy, page_memory_hash("青巖的風吹到你心裏",
                                                              strlen("青巖的風吹到你心裏"))),
                     2 * PAGE_MEMORY_REPEATED);
    for (size_t size = 0; size < bytes.size; size++)
        if ((size - 1) % 5 != 0 || size == 0)
            assert_status(XUNZI_ERROR_CORRUPT, page_memory_decode(copy, bytes.data, size));
    free(copy);
    buffer_free(&bytes);
    buffer_free(&text);
}

static void read_file(struct buffer *out, const char *folder, const char *name) {
    char path[400], bytes[4096];
    snprintf(path, sizeof path, "%s/corpus/%s/%s.txt", XUNZI_SOURCE_DIR, folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    buffer_clear(out);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        assert_true(buffer_append(out, bytes, got));
    fclose(file);
    assert_true(buffer_terminate(out));
}

/* The pages of corpus/ with a frame around them: every paragraph of the article is kept, and
 * nothing of the frame. */
static void test_corpus_pages(void **state) {
    (void)state;
    static const char *const names[] = {"navigation-feed", "navigation-government",
                                        "navigation-portal", "spam-discount", "spam-lottery"};
    struct buffer damaged = {0}, clean = {0};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        read_file(&damaged, "damaged", names[n]);
        read_file(&clean, "clean", names[n]);
        read_text(damaged.data);
        assert_edits_sound(damaged.size);
        size_t line = 0;
        for (char *at = clean.data, *stop; (stop = strchr(at, '\n')); at = stop + 1, line++) {
            *stop = '\0';
            if (line == 0)
                assert_field(at, page.title);
            else if (line > 1)
                assert_kept(at);
        }
        assert_true(page.date.begin < page.date.end && page.source.begin < page.source.end);
    }
    static const char *const frame[] = {"手機瀏覽",       "雲嶺在線 > 新聞中心",
                                        "標籤：合作",     "朋友圈",
                                        "汐灣港三號碼頭", "路燈更換",
                                        "颱風季前",       "廣告服務",
                                        "Copyright",      "老虎機破解版",
                                        "金沙樂透"};
    read_file(&damaged, "damaged", "spam-discount");
    read_text(damaged.data);
    for (size_t i = 0; i < sizeof frame / sizeof *frame; i++)
        if (!edit_of(frame[i]))
            fail_msg("kept: %s", frame[i]);
    buffer_free(&damaged);
    buffer_free(&clean);
}

/* Clean articles: nothing but the title and the byline is set aside. */
static void test_corpus_articles(void **state) {
    (void)state;
    struct buffer lines = {0}, article = {0};
    char path[400], bytes[4096];
    snprintf(path, sizeof path, "%s/corpus/news.jsonl", XUNZI_SOURCE_DIR);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got; (got = fread(bytes, 1, sizeof bytes, file)) > 0;)
        assert_true(buffer_append(&lines, bytes, got));
    fclose(file);
    assert_true(buffer_terminate(&lines));
    size_t articles = 0;
    for (char *at = lines.data; (at = strstr(at, "\"body\": \"")); articles++) {
        buffer_clear(&article);
        for (at += strlen("\"body\": \""); *at != '"'; at++) {
            if (*at == '\\')
                at++;
            assert_true(buffer_append_byte(&article, at[-1] == '\\' && *at == 'n' ? '\n' : *at));
        }
        assert_true(buffer_terminate(&article));
        read_titled("x", article.data);
        assert_int_equal(page.edits.count, 0);
    }
    assert_int_equal(articles, 80);
    buffer_free(&lines);
    buffer_free(&article);
}

/* Hostile text costs no more than its size, and its edits are sound. */
/* Lines are numbered the same wherever in the text they end. */
static void test_line_numbers(void **state) {
    (void)state;
    static const struct {
        const char *breaks;
        uint32_t line;
    } cases[] = {{"\n", 2}, {"\r", 2}, {"\r\n", 2}, {"\n\r", 3}, {"\r\r\n\n", 4}};
    struct buffer text = {0};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        for (size_t size = 4000; size < 4200; size++) {
            buffer_clear(&text);
            for (size_t i = 0; i < size; i++)
                assert_true(buffer_append_byte(&text, 'x'));
            assert_true(buffer_append_text(&text, cases[c].breaks) &&
                        buffer_append_text(&text, "发布时间：2021-05-28"));
            assert_ok(page_read(reader, TEXT(""), text.data, text.size, &page));
            assert_int_equal(page.date.line, cases[c].line);
        }
    }
    buffer_free(&text);
}

static void test_hostile(void **state) {
    (void)state;
    static const char *const units[] = {
        "|",          "\n",         "> ",           "|\n", "a\n", "。",   "。\n",
        "相關推薦\n", "：",         "2024-01-01 ",  "(a)", "醫(", "\xE9", "\xFF\n",
        "- 1\n",      "作者:",      "_ ",           "　",  "丨",  "文/",  "文/圖 ",
        "記者 丁一 ", "微信號 a\n", "功能介紹 b\n", "二〇"};
    enum { SIZE = 1 << 20 };
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        size_t unit = strlen(units[u]), size = 0;
        char *text = malloc(SIZE + 200);
        assert_non_null(text);
        memcpy(text, paragraphs, 100);
        for (size = 100; size + unit <= SIZE; size += unit)
            memcpy(text + size, units[u], unit);
        char *exact = exact_copy(text, size);
        assert_ok(page_read(reader, (xunzi_string){0}, exact, size, &page));
        assert_edits_sound(size);
        free(exact);
        free(text);
    }
}

static void test_random_text(void **state) {
    (void)state;
    struct buffer text = {0};
    random_seed(5);
    for (int round = 0; round < 300; round++) {
        buffer_clear(&text);
        for (int line = 0; line < 12; line++) {
            random_text(&text, random_below(30));
            append_one_of(&text, "\n\n|>：。-，");
            assert_true(buffer_append_text(&text, random_below(4) ? "\n" : "相關推薦\n"));
        }
        if (round % 2)
            text.data[random_below((uint32_t)text.size)] = (char)random_below(256);
        char *exact = exact_copy(text.data, text.size);
        assert_ok(page_read(reader, (xunzi_string){0}, exact, text.size, &page));
        assert_edits_sound(text.size);
        page_remember(reader);
        free(exact);
    }
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bylines),
        cmocka_unit_test(test_lines_that_are_no_bylines),
        cmocka_unit_test(test_time_of_an_event),
        cmocka_unit_test(test_byline_is_set_aside_but_for_names),
        cmocka_unit_test(test_title_is_not_navigation),
        cmocka_unit_test(test_account),
        cmocka_unit_test(test_frame),
        cmocka_unit_test(test_list_in_the_middle),
        cmocka_unit_test(test_lists_of_the_article_are_kept),
        cmocka_unit_test(test_spam),
        cmocka_unit_test(test_declared_title),
        cmocka_unit_test(test_all_navigation),
        cmocka_unit_test(test_wrapped_text),
        cmocka_unit_test(test_wrapped_text_with_readings),
        cmocka_unit_test(test_repetition),
        cmocka_unit_test(test_corpus_pages),
        cmocka_unit_test(test_corpus_articles),
        cmocka_unit_test(test_line_numbers),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_random_text),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
