/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a line by itself says about being something else than a line of the article. */
#ifndef XUNZI_TEXT_PAGE_HINTS_H
#define XUNZI_TEXT_PAGE_HINTS_H

#include "text/page_lines.h"
#include "text/page_words.h"

enum page_hint {
    PAGE_HINT_NONE,
    PAGE_HINT_MARKUP,    /* tags and nothing else */
    PAGE_HINT_LIST_HEAD, /* 相關推薦: a list of other articles follows */
    PAGE_HINT_NEIGHBOUR, /* 上一篇: and a headline */
    PAGE_HINT_CREDIT,    /* 編輯:, 關鍵詞: */
    PAGE_HINT_ACCOUNT, /* 微信號, and it: whose page this is, where it stands before an article */
    PAGE_HINT_ACCOUNT_TEXT, /* 功能介紹, and what the account is for: behind that */
    PAGE_HINT_NOTICE,       /* 聲明:, 網址: */
    PAGE_HINT_COPYRIGHT,    /* 版權所有 */
    PAGE_HINT_BYLINE,       /* date, source, author, and nothing else but tools */
    PAGE_HINT_DATE,         /* a date and nothing else: in front of an article, or below a letter */
    PAGE_HINT_BREADCRUMB,   /* 首頁 > 新聞 */
    PAGE_HINT_TOOLS,        /* made up of words of tools alone */
    PAGE_HINT_MOSTLY_TOOLS,
    PAGE_HINT_MENU, /* made up of words of menus alone */
    PAGE_HINT_MOSTLY_MENU,
    PAGE_HINT_BARS /* short stretches between bars */
};

/* The hint of a line; key is made for it in passing. A line that is prose at sight costs a look at
 * its first bytes; where it turns out to begin with a label of key words, it is counted on. */
enum page_hint page_hint_of(const struct page_words *words, const char *text,
                            struct page_line *line, struct page_key *key);

#endif
