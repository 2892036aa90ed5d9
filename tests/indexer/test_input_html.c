/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTML pages: what is visible, what is declared, and pages made to break a reader. */
#include "input_reading.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static struct reading reading;

static void read_html(const char *html) {
    reading_of_data(&reading, "a.html", html, strlen(html));
    assert_counts(&reading, 1, 0);
}

static void assert_body(const char *html, const char *body) {
    read_html(html);
    assert_string_equal(reading.documents[0].body, body);
}

static void assert_title(const char *html, const char *title) {
    read_html(html);
    assert_string_equal(reading.documents[0].title, title);
}

static void assert_date(const char *html, const char *date) {
    read_html(html);
    assert_string_equal(reading.documents[0].date, date);
}

static void test_blocks_are_lines(void **state) {
    (void)state;
    assert_body("<p>甲<p>乙</p><div>丙<div>丁</div>戊</div>己<br>庚<br/><br>辛<hr>壬",
                "甲\n乙\n丙\n丁\n戊\n己\n庚\n辛\n壬\n");
    assert_body("<ul><li>一<li>二</ul><h2>三</h2>四<span>五</span><b>六</b>",
                "一\n二\n三\n四五六\n");
    assert_body("<article><header>甲</header><section>乙</section></"
                "article><figure>丙<figcaption>丁</figcaption></figure>",
                "甲\n乙\n丙\n丁\n");
    assert_body("<table><tr><td>甲<td>乙<tr><th>丙</th><td></td><td>丁</td></table>",
                "甲\t乙\n丙\t丁\n");
    assert_body("<table><tr><td><p>甲</p><td><p>乙</p></table>", "甲\n乙\n");
    assert_body("只有字", "只有字\n");
}

static void test_white_space(void **state) {
    (void)state;
    assert_body("<p>  a \t b\n\nc  </p>\n\n<p>  </p><p>d", "a b c\nd\n");
    assert_body("<p>第一行\n   第二行，\n第三行</p>", "第一行第二行，第三行\n");
    assert_body("<p>中文\nLatin\n中文 中文</p>", "中文 Latin 中文 中文\n");
    assert_body("<p>한국\n어</p>", "한국 어\n");
    assert_body("<p>&nbsp;&nbsp;　　縮進&nbsp;中　間　&nbsp; </p>", "縮進\u00A0中　間\n");
    assert_body("<p>a&nbsp;b</p><p>甲&nbsp;</p>　乙　", "a\u00A0b\n甲\n乙\n");
    assert_body("<pre>  一\n\n   二\r\n三</pre>四", "  一\n\n   二\n三\n四\n");
    assert_body("見<a>北京</a>市<a>首頁</a><a>新聞</a>\n<a>體育</a>", "見北京市首頁 新聞 體育\n");
}

static void test_what_is_not_seen(void **state) {
    (void)state;
    assert_body(
        "甲<script>var a = '<p>不</p>' + \"</b>\";</script>乙<style>p { a: '不' }</style>丙",
        "甲乙丙\n");
    assert_body("甲<!-- 不 <p>不</p> -->乙<!---->丙<?不 ?>丁<!不>", "甲乙丙丁\n");
    assert_body("甲<!-- 不 --!>乙<!--> 丙<!---> 丁<!-- 不 --!不 -->戊<!--不--!", "甲乙 丙 丁戊\n");
    assert_body(
        "甲<p hidden>不<b>不</b></p><div style='color: red; DISPLAY : none'>不<p>不</p></div>"
        "<span style=\"visibility:hidden\">不</span>乙",
        "甲\n乙\n");
    assert_body("甲<div class=modal ARIA-HIDDEN=\"True\">不<p>不</p></div>"
                "<p aria-hidden=false>乙</p><p aria-hidden>丙</p><body aria-hidden=true>丁",
                "甲\n乙\n丙\n丁\n");
    assert_body("<p style='display:nonesuch-display:block'>甲</p><p style='x-display:none'>乙</p>",
                "甲\n乙\n");
    assert_body("<html style='visibility:hidden'><body style='display:none'>見</body></html>",
                "見\n");
    assert_body(
        "甲<noscript>不</noscript><template>不</template><iframe>不</iframe><select><option>不</"
        "select>"
        "<textarea>不</textarea><svg><title>不</title><text>不</text></svg><object>不</object>乙",
        "甲乙\n");
}

static void test_ruby(void **state) {
    (void)state;
    assert_body(
        "<ruby>醫<rp>(</rp><rt>yī</rt><rp>)</rp>療<rp>(</rp><rt>liáo</rt><rp>)</rp></ruby>中心",
        "醫療中心\n");
    assert_body("<ruby>醫<rt>yī</ruby>療<ruby><rb>中<rt>zhōng<rb>心<rtc><rt>xīn</rtc></ruby>。",
                "醫療中心。\n");
    assert_body("<ruby><ruby>東<rp>(</rp><rt>とう</rt></ruby>南<rt>なん</rt></ruby>の方角",
                "東南の方角\n");
}

static void test_entities(void **state) {
    (void)state;
    assert_body("&lt;p&gt; &amp;amp; &hellip;&mdash;&#x4E2d;&#25991;&#151;&#x80;",
                "<p> &amp; …—中文—€\n");
    assert_body("甲&#0;&#x110000;&#99999999999999999999;&#xD800;&#xFFFF;乙&#;&#x;&nosuch;",
                "甲\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD乙&#;&#x;&nosuch;\n");
    assert_body("&#x20BB7;&#134071;𠮷", "𠮷𠮷𠮷\n");
    assert_body("<p>&#60;b&#62;&#38;lt;", "<b>&lt;\n");
    /* Names of HTML 2 and 3.2 need no semicolon in text, and the longest one counts. */
    assert_body("<p>甲&nbsp乙&middot丙&lt3&ampamp&quot&copy2024&notit &times",
                "甲\u00A0乙·丙<3&amp\"©2024¬it ×\n");
    assert_body("<p>&hellip甲&ldquo乙&NBSP;&hearts&nosuchname",
                "&hellip甲&ldquo乙&NBSP;&hearts&nosuchname\n");
    assert_body("<p>&notin;&notit;&centerdot;", "∉&notit;&centerdot;\n");
    assert_body("<p>&AMP;&LT;b&GT;&QUOT;&COPY;&lpar;甲&rpar;&colon;&NewLine;&num;&apos;",
                "&<b>\"©(甲): #'\n");
    /* In an attribute value a letter or "=" behind one says that it is none. */
    read_html("<link rel=canonical href=\"https://a.example/?a=1&copy=2&lang=3&lt;&reg\"><p>文");
    assert_string_equal(reading.documents[0].url, "https://a.example/?a=1&copy=2&lang=3<®");
}

static void test_entity_bombs_do_not_go_off(void **state) {
    (void)state;
    assert_body("<!DOCTYPE html [<!ENTITY a \"不不\"><!ENTITY b \"&a;&a;\"> <!ENTITY x SYSTEM "
                "\"file:///etc/passwd\">]><p>甲&b;&x;",
                "]>\n甲&b;&x;\n");
}

static void test_title(void **state) {
    (void)state;
    assert_title(
        "<title>題 - 站</title><meta property=og:title content=' 開放圖譜\n 題 '><h1>標題</h1>",
        "開放圖譜 題");
    assert_title("<title>題 - 站</title><h1>標<em>題</em></h1>", "標題");
    assert_title("<title>標題_頻道_站</title><h1>站</h1><p>文<h1>標題</h1>", "標題");
    assert_title("<title>標題_頻道_站</title><h1><img src=logo>站</h1><p>文", "標題_頻道_站");
    assert_title("<title>標題&amp;\n題</title><p>文", "標題& 題");
    assert_title("<title></title><h1> </h1><p>文", "");
    assert_title("<meta name=ArticleTitle content=政府題><h1>標題</h1>", "政府題");
    assert_title("<title>一</title><title>二</title>文", "一");
}

static void test_date(void **state) {
    (void)state;
    assert_date("<meta property='article:published_time' content='2023-06-27T18:04:26+08:00'><meta "
                "name=date content=2020-01-01>文",
                "2023-06-27T18:04:26+08:00");
    assert_date(
        "<meta name=date content=2020-01-01><meta name=PubDate content=' 2021-05-28 10:00'>文",
        "2021-05-28 10:00");
    assert_date(
        "<meta name=date content='not a date'><time datetime='2020-01-02T03:04Z'>某日</time>",
        "2020-01-02T03:04Z");
    assert_date("<time datetime=2020-01-02></time><time pubdate datetime=2020-03-04></time>文",
                "2020-03-04");
    assert_date("<time>2020年3月4日</time>", "2020年3月4日");
    assert_date("<meta itemprop=datePublished content=2019-05-06>文", "2019-05-06");
    assert_date("<meta name=pubdate content='Mon, 06 May 2019 10:00:00 GMT'>文",
                "Mon, 06 May 2019 10:00:00 GMT");
    assert_date("<meta name=publishdate content=20190506103000>文", "20190506103000");
    assert_date("<meta name=date content='May 2019'>文", "");
    assert_date(
        "<meta name=date content=2020><meta property='article:modified_time' content=2020-01-01>文",
        "");
}

static void test_other_fields(void **state) {
    (void)state;
    read_html(
        "<head><meta name=ContentSource content=衛健委><meta property=og:site_name content=站>"
        "<link rel=canonical href='https://a.example/1'><meta property=og:url "
        "content='https://a.example/2'>"
        "<meta name=Description content='說&quot;明&quot;'><meta name=keywords "
        "content='甲,乙'><meta name=author content=某人>"
        "</head><body>文");
    assert_string_equal(reading.documents[0].source, "衛健委");
    assert_string_equal(reading.documents[0].url, "https://a.example/1");
    assert_string_equal(
        reading.documents[0].extra,
        "{\"description\":\"說\\\"明\\\"\",\"keywords\":\"甲,乙\",\"author\":\"某人\"}");
    read_html("<meta property=og:site_name content=站><link rel=canonical href=/1>文");
    assert_string_equal(reading.documents[0].source, "站");
    assert_string_equal(reading.documents[0].url, "");
    assert_string_equal(reading.documents[0].extra, "");
    assert_string_equal(reading.documents[0].id, runner_path("a.html"));
}

#define LINKED_DATA(json) "<script type='application/ld+json'>" json "</script><p>文"

static void assert_linked_title(const char *json, const char *title) {
    struct buffer page = {0};
    assert_true(buffer_append_text(&page, "<script type=\"application/ld+json\">") &&
                buffer_append_text(&page, json) && buffer_append_text(&page, "</script><p>文") &&
                buffer_terminate(&page));
    assert_title(page.data, title);
    buffer_free(&page);
}

static void test_linked_data(void **state) {
    (void)state;
    read_html("<title>題 - 站</title><h1>站</h1>" LINKED_DATA(
        "\n{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\",\"headline\":\"春汛 "
        "將至\","
        "\"datePublished\":\"2022-03-09T10:00:00+08:00\",\"dateModified\":\"2022-03-11\","
        "\"publisher\":{\"@type\":\"Organization\",\"name\":\"河灣日報\"},"
        "\"author\":[{\"name\":\"甲某\"},{\"name\":\"乙某\"}]}"));
    assert_string_equal(reading.documents[0].title, "春汛 將至");
    assert_string_equal(reading.documents[0].date, "2022-03-09T10:00:00+08:00");
    assert_string_equal(reading.documents[0].source, "河灣日報");
    assert_string_equal(reading.documents[0].extra, "{\"author\":\"甲某\"}");
    assert_string_equal(reading.documents[0].body, "站\n文\n");
    /* As Baidu asks for it, the type spelled otherwise. */
    read_html("<SCRIPT id=a TYPE=\"Application/LD+JSON; charset=utf-8\">{\"title\":\"題\","
              "\"pubDate\":\"2017-06-15T08:00:01\"}</SCRIPT><p>文");
    assert_string_equal(reading.documents[0].title, "題");
    assert_string_equal(reading.documents[0].date, "2017-06-15T08:00:01");
    /* In a comment or CDATA section, for browsers of old. */
    assert_linked_title("\n//<![CDATA[\n{\"headline\":\"題\"}\n//]]>", "題");
    assert_linked_title("<!--\n{\"headline\":\"題\"}\n-->", "題");
    assert_linked_title("/* <![CDATA[ */ [{\"headline\":\"題\"}] /* ]]> */", "題");
    /* In a graph, behind what is about no article; a name that is a plain string. */
    read_html(LINKED_DATA("[{\"@type\":\"WebSite\",\"title\":\"站\",\"publisher\":\"站\"},"
                          "{\"@graph\":[{\"@type\":\"BreadcrumbList\",\"name\":\"首頁\"},"
                          "{\"headline\":\"題\",\"publisher\":\"報\"},"
                          "{\"headline\":\"次題\",\"datePublished\":\"2020-02-02\"}]}]"));
    assert_string_equal(reading.documents[0].title, "題");
    assert_string_equal(reading.documents[0].source, "報");
    assert_string_equal(reading.documents[0].date, "2020-02-02");
}

/* What a meta element declares goes before it, and it before what the page merely shows. */
static void test_rank_of_linked_data(void **state) {
    (void)state;
    assert_date("<time pubdate datetime=2020-03-04></time>" LINKED_DATA(
                    "{\"datePublished\":\"2021-05-06\"}"),
                "2021-05-06");
    assert_date(
        "<meta name=date content=2020-01-01>" LINKED_DATA("{\"datePublished\":\"2021-05-06\"}"),
        "2020-01-01");
    assert_date("<meta name=date content=早上>" LINKED_DATA("{\"datePublished\":\"昨天\"}"), "");
    assert_title("<meta property=og:title content=圖譜題>" LINKED_DATA("{\"headline\":\"題\"}"),
                 "圖譜題");
    read_html("<meta property=og:site_name content=站><meta name=author content=某人>" LINKED_DATA(
        "{\"headline\":\"題\",\"publisher\":\"報\",\"author\":\"他人\"}"));
    assert_string_equal(reading.documents[0].source, "報");
    assert_string_equal(reading.documents[0].extra, "{\"author\":\"某人\"}");
}

static void test_linked_data_that_says_nothing(void **state) {
    (void)state;
    static const char *const scripts[] = {"{'headline':'題'",
                                          "{\"headline\":[\"題\"",
                                          "不是",
                                          "",
                                          "null",
                                          "\"題\"",
                                          "7",
                                          "[]",
                                          "[null,[[]],{}]",
                                          "{\"headline\":null}",
                                          "{\"headline\":7}",
                                          "{\"headline\":{}}",
                                          "{\"headline\":[]}",
                                          "{\"headline\":\"\"}",
                                          "{\"headline\":\" \"}",
                                          "{\"headline\":\"題\\u0000尾\"}",
                                          "{\"@graph\":\"題\"}",
                                          "{\"mainEntity\":{\"headline\":\"題\"}}",
                                          "{\"itemListElement\":[{\"headline\":\"別的題\"}]}"};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        assert_linked_title(scripts[i], "");
    /* Comments and scripts of other types are no data. */
    assert_title("<!-- " LINKED_DATA("{\"headline\":\"題\"}") " --><p>文", "");
    assert_title("<script>{\"headline\":\"題\"}</script><p>文", "");
    /* A script that is broken says nothing about the next. */
    assert_title(LINKED_DATA("{\"headline\":") LINKED_DATA("{\"headline\":\"題\"}"), "題");
    assert_linked_title("{\"headline\":\"題\\ud800\"}", "題\uFFFD");
}

/* Titles have an end, scripts too, and what is nested a depth. */
static void test_linked_data_without_bounds(void **state) {
    (void)state;
    static const struct {
        const char *begin, *part, *end;
        size_t times;
    } scripts[] = {{"{\"headline\":\"", "題", "\"}", 400},
                   {"{\"headline\":\"題\",\"x\":\"", "文字", "\"}", 200000},
                   {"", "[", "", 100000},
                   {"", "{\"@graph\":", "{\"headline\":\"題\"}", 1000}};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        struct buffer json = {0};
        assert_true(buffer_append_text(&json, scripts[i].begin));
        for (size_t j = 0; j < scripts[i].times; j++)
            assert_true(buffer_append_text(&json, scripts[i].part));
        assert_true(buffer_append_text(&json, scripts[i].end) && buffer_terminate(&json));
        assert_linked_title(json.data, "");
        buffer_free(&json);
    }
}

static void test_no_text(void **state) {
    (void)state;
    static const char *const pages[] = {"", "<html>", "<p>&nbsp;</p><script>a</script>"};
    for (size_t i = 0; i < 3; i++) {
        reading_of_data(&reading, "a.html", pages[i], strlen(pages[i]));
        assert_counts(&reading, 0, 1);
        assert_holds(reading.sentences[0], "has no visible text");
    }
    read_html("<title>只有題目</title>");
    assert_string_equal(reading.documents[0].title, "只有題目");
    assert_string_equal(reading.documents[0].body, "");
}

/* A file whose name does not tell is HTML where it begins like it. */
static void test_sniffing(void **state) {
    (void)state;
    static const char *const html[] = {
        "<!DOCTYPE html><p>文", "\xEF\xBB\xBF \n<!-- 註 --> <html lang=zh><p>文", "<HTML><p>文",
        "<?xml version='1.0'?>\n<!doctype HTML PUBLIC ''><p>文"};
    for (size_t i = 0; i < 4; i++) {
        reading_of_data(&reading, "page", html[i], strlen(html[i]));
        assert_counts(&reading, 1, 0);
        assert_string_equal(reading.documents[0].body, "文\n");
        reading_of_data(&reading, "a.txt", html[i], strlen(html[i]));
        assert_holds(reading.documents[0].body, "<p>文");
    }
    static const char *const text[] = {"<p>文",   "<htmlx>", "文<html>",
                                       "<!-- 註", "<",       "<ul id=\"a\"></ul>"};
    for (size_t i = 0; i < 6; i++) {
        reading_of_data(&reading, "page", text[i], strlen(text[i]));
        assert_string_equal(reading.documents[0].body, text[i]);
    }
    static const char utf16[] = "\xFF\xFE<\0h\0t\0m\0l\0>\0\x87\x65";
    reading_of_data(&reading, "page.asp", utf16, sizeof utf16 - 1);
    assert_string_equal(reading.documents[0].body, "文\n");
    reading_of_path(&reading, XUNZI_FORMAT_TEXT, runner_write("page", html[0], strlen(html[0])));
    assert_string_equal(reading.documents[0].body, html[0]);
    reading_of_path(&reading, XUNZI_FORMAT_HTML, runner_write("a.txt", text[0], strlen(text[0])));
    assert_string_equal(reading.documents[0].body, "文\n");
}

/* "兩家醫院" in Big5. */
#define TWO_HOSPITALS "\xA8\xE2\xAE\x61\xC2\xE5\xB0\x7C"

static void test_declared_charset(void **state) {
    (void)state;
    static const char *const heads[] = {
        "<meta charset=big5>", "<meta charset='Big5' />",
        "<META http-equiv=\"Content-Type\" content=\"text/html; charset=big5\">",
        "<?xml version=\"1.0\" encoding=\"big5\"?>",
        "<!-- <meta charset=gbk> --><meta name=x content=y><meta charset = \"big5\">"};
    char page[400];
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        strcat(strcpy(page, heads[i]), "<p>" TWO_HOSPITALS);
        assert_body(page, "兩家醫院\n");
    }
    /* Declared wrong. */
    assert_body("<meta charset=big5><p>兩家醫院", "兩家醫院\n");
    assert_body("<meta charset=utf-8><p>" TWO_HOSPITALS TWO_HOSPITALS TWO_HOSPITALS,
                "兩家醫院兩家醫院兩家醫院\n");
}

/* A page of `head`, then `count` times `unit`, then `tail`. Returns the body read. */
static const char *read_long(const char *head, const char *unit, size_t count, const char *middle,
                             const char *unit_after, const char *tail) {
    size_t size =
        strlen(head) + (strlen(unit) + strlen(unit_after)) * count + strlen(middle) + strlen(tail);
    char *page = malloc(size + 1), *end = stpcpy(page, head);
    assert_non_null(page);
    for (size_t i = 0; i < count; i++)
        end = stpcpy(end, unit);
    end = stpcpy(end, middle);
    for (size_t i = 0; i < count; i++)
        end = stpcpy(end, unit_after);
    stpcpy(end, tail);
    reading_of_data(&reading, "a.html", page, size);
    free(page);
    assert_counts(&reading, 1, 0);
    return reading.documents[0].body;
}

static void test_deep_pages(void **state) {
    (void)state;
    assert_string_equal(read_long("<html><body>前", "<div>", 10000, "深", "</div>", "後"),
                        "前\n深\n後\n");
    assert_string_equal(read_long("前<span>", "<b><i>", 50000, "深", "</i></b>", "後"), "前深後\n");
    assert_string_equal(read_long("前", "<b>", 200000, "深", "</u>", "後"), "前深後\n");
    assert_string_equal(read_long("前", "<div hidden>", 500, "不", "</div>", "後"), "前\n後\n");
    assert_string_equal(read_long("前", "<ruby>", 3000, "深<rt>shēn</rt>", "</ruby>", "後"),
                        "前深後\n");
    read_long("前<ruby>", "<rb>字<rt>zì", 5000, "</ruby>", "", "後");
    assert_int_equal(reading.documents[0].body_size, 5002 * 3 + 1);
    assert_string_equal(reading.documents[0].body + 5000 * 3, "字後\n");
    assert_string_equal(read_long("前<ruby>字<rt>zì", "<b>", 3000, "zì", "", "</ruby>後"),
                        "前字後\n");
    const char *body = read_long("", "<div>字", 10000, "", "</div>", "<script>不</script>後");
    assert_int_equal(reading.documents[0].body_size, 10000 * 4 + 4);
    assert_string_equal(body + 10000 * 4, "後\n");
}

static void test_floods(void **state) {
    (void)state;
    assert_string_equal(read_long("<p class='前' ", "a b='c>' d=e ", 20000, "title=x>深", "", "後"),
                        "深後\n");
    assert_string_equal(read_long("前", "<!-- -", 20000, "-->深", "", "後"), "前深後\n");
    assert_holds(read_long("前", "&", 100000, "深", "", "後"), "&&深後\n");
    assert_holds(read_long("前", "<", 100000, "深", "", "後"), "深後\n");
    read_long("<p>前", "<a ", 100000, "深", "", "後");
    assert_holds(read_long("<p>", "－－｜", 100000, "深", "", ""), "｜深\n");
    char *page = calloc(1, 2 << 20);
    assert_non_null(page);
    strcpy(page, "<p>前");
    strcpy(page + (2 << 20) - 10, "後");
    memset(page + strlen(page), '<', 20); /* a page with NULs in it is text while they are few */
    read_html(page);
    free(page);
}

static void test_nuls(void **state) {
    (void)state;
    static const char page[] =
        "<p>甲甲甲甲甲\0乙乙乙乙</p><sc\0ript>不不不不不不不不</script><p>丙";
    reading_of_data(&reading, "a.html", page, sizeof page - 1);
    assert_counts(&reading, 1, 0);
    assert_string_equal(reading.documents[0].body, "甲甲甲甲甲乙乙乙乙\n丙\n");
}

/* Cut anywhere, a page is read as far as it goes. */
static void test_cut_pages(void **state) {
    (void)state;
    static const char page[] =
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>題</title></head><body class=\"a\">"
        "<p>甲&nbsp;&#x4E2D;</p><!-- 註 "
        "--><script>x</script><ruby>醫<rt>yī</rt></ruby></body></html>";
    for (size_t size = 1; size < sizeof page; size++) {
        reading_of_data(&reading, "a.html", page, size);
        assert_int_equal(reading.document_count + reading.sentence_count, 1);
    }
    assert_string_equal(reading.documents[0].body, "甲\u00A0中\n醫\n");
}

static int free_reading(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_blocks_are_lines, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_white_space, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_what_is_not_seen, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_ruby, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_entities, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_entity_bombs_do_not_go_off, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_title, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_date, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_other_fields, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_linked_data, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_rank_of_linked_data, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_linked_data_that_says_nothing, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_linked_data_without_bounds, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_no_text, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_sniffing, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_declared_charset, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_deep_pages, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_floods, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_nuls, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_cut_pages, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_reading);
}
