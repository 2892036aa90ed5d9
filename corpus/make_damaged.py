#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes damaged/NAME.txt and clean/NAME.txt: pages as the web has them, and the article alone.

    make_damaged.py            writes both folders next to this script
    make_damaged.py --check    exit status 1 if the folders are not what this script gives

PAGES lists every page: the article it stands on and the steps that damage it, in their order. The
steps work on lists of lines, the last ones on the finished bytes. Nothing is random.
"""

import argparse
import pathlib
import re
import sys

sys.dont_write_bytecode = True  # before the import: a check must leave the folder as it was

from readings import READINGS

HERE = pathlib.Path(__file__).resolve().parent

# What the full-width forms of ASCII become on a page whose punctuation was narrowed.
NARROW = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20}

# A stretch of text that one conversion took as a whole, on pages where punctuation kept the phase.
RUN = re.compile(r"[^\s，。、；：！？「」『』《》“”…—,.;:!?]+")


def narrow(lines):
    """Full-width punctuation, letters and spaces become ASCII."""
    return [line.translate(NARROW) for line in lines]


def annotate(lines, spare=""):
    """醫療 becomes 醫(yī)療(liáo); characters of `spare` stay bare."""

    def with_reading(character):
        reading = READINGS.get(character)
        return f"{character}({reading})" if reading and character not in spare else character

    return ["".join(map(with_reading, line)) for line in lines]


def annotate_common(lines):
    """The same on a page whose tool knew only every second character of the table."""
    return annotate(lines, spare=set(list(READINGS)[1::2]))


def read_out_of_phase(stream):
    """GBK bytes as a lenient converter reads them, after a lead byte has been lost (it is None).

    The lost byte shows as '?'. A pair that is no character gives '?': with an ASCII trail it
    swallows that byte, otherwise only its first byte is used up. A pair that happens to be a
    full-width form is narrowed like the rest of the page, so A3 BF, the full-width question mark,
    gives '?' too.
    """
    text = []
    at = 0
    while at < len(stream):
        byte = stream[at]
        if byte is None:
            text.append("?")
            at += 1
        elif byte < 0x80:
            text.append(chr(byte))
            at += 1
        elif at + 1 == len(stream) or stream[at + 1] is None:
            text.append("?")
            at += 1
        else:
            trail = stream[at + 1]
            try:
                text.append(bytes((byte, trail)).decode("gbk").translate(NARROW))
                at += 2
            except UnicodeDecodeError:
                text.append("?")
                at += 2 if trail < 0x80 else 1
    return "".join(text)


def lose_lead_bytes(text, words):
    """`text` through GBK, the first character of each of `words` without its lead byte."""
    losses = {match.start() for word in words for match in re.finditer(re.escape(word), text)}
    stream = []
    for at, character in enumerate(text):
        encoded = list(character.encode("gbk"))
        if at in losses:
            encoded[0] = None
        stream += encoded
    return read_out_of_phase(stream)


def out_of_phase(words, within_runs):
    """A step that loses lead bytes; `within_runs`: punctuation puts the text back into phase."""

    def step(lines):
        if within_runs:
            return [RUN.sub(lambda run: lose_lead_bytes(run[0], words), line) for line in lines]
        return [lose_lead_bytes(line, words) for line in lines]

    return step


def annotate_around(words):
    """Annotates all but the characters that are going to lose their lead byte."""
    return lambda lines: annotate(lines, spare={word[0] for word in words})


def lose_punctuation(characters):
    """Each punctuation mark of `characters`, two bytes in GBK, shows as two question marks."""
    return lambda lines: [re.sub(f"[{characters}]", "??", line) for line in lines]


def surround(before, after):
    """Puts the page around the article; {title} and {date} stand for the article's own."""

    def step(lines):
        title, date = lines[0], re.search(r"\d{4}-\d{2}-\d{2}", lines[1])[0]
        fill = [[line.format(title=title, date=date) for line in part] for part in (before, after)]
        return fill[0] + lines + fill[1]

    return step


def append_spam(phrases, separator, rows):
    """A block of unrelated phrases at the end: `rows` lines, each a rotation of the same list."""

    def step(lines):
        block = [separator.join(phrases[row:] + phrases[:row]) + separator for row in range(rows)]
        return lines + [line.strip() for line in block]

    return step


def indent(lines):
    """Four spaces before each line and an empty line after it, as text taken out of HTML has."""
    return [part for line in lines for part in ("    " + line, "")]


def stray_bytes(sequences, every):
    """Bytes that are no UTF-8, one sequence after each `every` characters, between characters."""

    def step(data):
        text = data.decode("utf-8")
        pieces = []
        for number, start in enumerate(range(0, len(text), every)):
            pieces.append(text[start : start + every].encode("utf-8"))
            if start + every < len(text):
                pieces.append(sequences[number % len(sequences)])
        return b"".join(pieces)

    return step


def cut_short(data):
    """The last character loses its last byte: a page cut by a size limit."""
    return data.rstrip(b"\n")[:-1]


def double_encoded(data):
    """UTF-8 taken for Latin-1 and encoded once more."""
    return data.decode("latin-1").encode("utf-8")


def double_encoded_article(data):
    """The same for the article only, between lines of a page that are sound."""
    lines = data.split(b"\n")
    first = next(at for at, line in enumerate(lines) if line.startswith("日期：".encode())) - 1
    last = next(at for at, line in enumerate(lines) if line.startswith("责任编辑：".encode()))
    return b"\n".join(
        double_encoded(line) if first <= at < last else line for at, line in enumerate(lines)
    )


PORTAL_TOP = [
    "· 手機瀏覽 | 分類導覽 | 加入書籤",
    "雲嶺在線 > 新聞中心 > 區域合作 > 正文",
    "",
]
PORTAL_BOTTOM = [
    "(圖：主辦單位提供)",
    "標籤：合作 簽約 區域新聞",
    "分享到：微博 朋友圈 複製鏈接 列印本頁",
    "上一篇：汐灣港三號碼頭夜間照明完成更新",
    "下一篇：浮舟島船班下週起恢復正常",
    "相關推薦",
    "· 嵐峯縣公布明年路燈更換計畫",
    "· 渠安車站地下道週末封閉施工",
    "· 望汐市立游泳池調整開放時間",
    "熱門排行",
    "1 颱風季前該檢查的七件事 9988",
    "2 一張圖看懂新的垃圾分類 9310",
    "3 週末市集攤位名單出爐 8604",
    "4 老屋補助申請倒數三天 7721",
    "關於我們 | 廣告服務 | 聯繫方式 | 網站地圖 | 免責聲明",
    "Copyright (c) 2018-2026 雲嶺在線 版權所有 未經授權不得轉載",
]
GOVERNMENT_TOP = [
    "无障碍阅读 长者模式 手机版 登录 | 注册",
    "首页 政务公开 办事服务 互动交流 数据开放",
    "您当前所在位置：首页 >> 要闻动态 >> 部门动态 >> 正文",
    "发布：{date} 09:42　浏览：1186　字号：大 / 中 / 小　打印　关闭窗口",
]
GOVERNMENT_BOTTOM = [
    "责任编辑：值班编辑02",
    "【打印本页】 【关闭窗口】 扫一扫在手机打开当前页",
    "相关文章",
    "· 市图书馆国庆期间开放安排",
    "· 关于东环路部分路段临时交通管制的通告",
    "· 第三季度空气质量排名公布",
    "主办：岚东省新闻信息服务中心 网站标识码：0000000000",
    "岚ICP备00000000号 岚公网安备 00000000000000号",
    "版权所有：岚东新闻网 建议使用1366*768分辨率浏览",
]
FEED_TOP = [
    '<ul id="hd07x2"></ul>',
    "首页>资讯>地方>详情",
    "原标题：{title}",
    "+ 关注 3.2万粉丝 已认证",
]
FEED_BOTTOM = [
    "赞 58 收藏 12 评论 7 转发",
    "声明：本文仅代表作者观点，平台仅提供信息存储服务。",
    "猜你喜欢",
    "- 1阳台种薄荷总是发黄怎么办 6203",
    "- 2旧书包改造成收纳袋的三种方法 5874",
    "- 3早上怎么煮粥不糊底 9082",
    "- 4冬天车窗起雾一招搞定 7760",
    "展开全文",
    "下载APP查看更多精彩内容",
]
LOTTERY_SPAM = [
    "星辉彩票官网登录",
    "天天开奖结果查询",
    "注册送88元体验金",
    "九州棋牌手机版下载",
    "特价机票一折起",
    "免费领取优惠券",
    "代开发票加微信",
    "百倍返利限时抢",
    "真人牌局在线玩",
    "信用卡快速提额",
]
DISCOUNT_SPAM = [
    "名牌手錶批發",
    "老虎機破解版",
    "今日幸運號碼",
    "網路賺錢日入三千",
    "減肥茶買一送十",
    "貸款免審核",
    "刷單兼職招聘",
    "遊戲點數五折",
    "金沙樂透線上投注",
]

LOST_SPECIALTY = ("專科",)
LOST_VARIOUS = ("學生", "園區", "實驗", "產線", "設備", "辨識")
STRAY = [b"\xff", b"\x80", b"\xc0\xaf", b"\xe5\x90", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"]

# name: (number of the article, steps on its lines, steps on the bytes)
PAGES = {
    "pinyin-plain": ("004", [annotate], []),
    "pinyin-narrow": ("022", [annotate, narrow], []),
    "pinyin-portal": ("073", [surround(PORTAL_TOP, PORTAL_BOTTOM), annotate_common, narrow], []),
    "phase-runs": ("032", [narrow, out_of_phase(LOST_SPECIALTY, True)], []),
    "phase-stream": ("078", [narrow, out_of_phase(LOST_SPECIALTY, False)], []),
    "phase-various": ("020", [narrow, out_of_phase(LOST_VARIOUS, True)], []),
    "phase-pinyin-runs": (
        "078",
        [annotate_around(LOST_SPECIALTY), narrow, out_of_phase(LOST_SPECIALTY, True)],
        [],
    ),
    "phase-pinyin-stream": (
        "032",
        [annotate_around(LOST_SPECIALTY), narrow, out_of_phase(LOST_SPECIALTY, False)],
        [],
    ),
    "phase-pinyin-portal": (
        "002",
        [
            surround(PORTAL_TOP, PORTAL_BOTTOM),
            annotate_around(LOST_SPECIALTY),
            narrow,
            out_of_phase(LOST_SPECIALTY, True),
            append_spam(DISCOUNT_SPAM, "|", 3),
        ],
        [],
    ),
    "navigation-government": ("017", [surround(GOVERNMENT_TOP, GOVERNMENT_BOTTOM)], []),
    "navigation-feed": ("025", [surround(FEED_TOP, FEED_BOTTOM)], []),
    "navigation-portal": ("050", [surround(PORTAL_TOP, PORTAL_BOTTOM), indent], []),
    "spam-lottery": ("019", [append_spam(LOTTERY_SPAM, "| ", 6)], []),
    "spam-discount": (
        "040",
        [
            surround(PORTAL_TOP, PORTAL_BOTTOM),
            indent,
            append_spam(DISCOUNT_SPAM, " _ ", 5),
        ],
        [],
    ),
    "punctuation-quotes": ("001", [lose_punctuation("“”")], []),
    "punctuation-all": (
        "056",
        [lose_punctuation("「」、；"), surround(PORTAL_TOP, PORTAL_BOTTOM)],
        [],
    ),
    "bytes-stray": ("028", [], [stray_bytes(STRAY, 41)]),
    "bytes-cut": (
        "031",
        [surround(GOVERNMENT_TOP, GOVERNMENT_BOTTOM[:3])],
        [stray_bytes(STRAY[:2], 97), cut_short],
    ),
    "double-whole": ("010", [], [double_encoded]),
    "double-article": (
        "037",
        [surround(GOVERNMENT_TOP, GOVERNMENT_BOTTOM)],
        [double_encoded_article],
    ),
    "double-rare": ("067", [append_spam(LOTTERY_SPAM, " | ", 2)], [double_encoded]),
}


def build():
    """Every file of the two folders: its path below this folder, and its bytes."""
    files = {}
    for name, (number, line_steps, byte_steps) in PAGES.items():
        (article,) = (HERE / "articles").glob(f"{number}-*.txt")
        clean = article.read_bytes()
        lines = clean.decode("utf-8").rstrip("\n").split("\n")
        for step in line_steps:
            lines = step(lines)
        data = "".join(line + "\n" for line in lines).encode("utf-8")
        for step in byte_steps:
            data = step(data)
        files[f"clean/{name}.txt"] = clean
        files[f"damaged/{name}.txt"] = data
    return files


def check(files):
    """The names that are missing, left over or out of date."""
    folders = (HERE / "clean", HERE / "damaged")
    present = {f"{folder.name}/{path.name}" for folder in folders for path in folder.glob("*")}
    stale = {name for name in present & files.keys() if (HERE / name).read_bytes() != files[name]}
    return sorted(present.symmetric_difference(files) | stale)


def main():
    parser = argparse.ArgumentParser(description="Generate damaged/ and clean/ from articles/.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    files = build()
    if arguments.check:
        faults = check(files)
        for name in faults:
            print(f"make_damaged.py: {name} is out of date: run make_damaged.py", file=sys.stderr)
        return 1 if faults else 0
    for kind in ("clean", "damaged"):
        (HERE / kind).mkdir(exist_ok=True)
        for stale in (HERE / kind).glob("*.txt"):
            if f"{kind}/{stale.name}" not in files:
                stale.unlink()
    for name, data in files.items():
        (HERE / name).write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
