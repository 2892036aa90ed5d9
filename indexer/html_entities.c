/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names, and the rules of the HTML standard by which they are told from other text. */
#include "indexer/html_entities.h"

#include <stdlib.h>
#include <string.h>

enum {
    BARE_MOST = 6, /* letters of a name that needs no semicolon */
    RUN_MOST = 32  /* of any name of HTML's: what is longer and has a semicolon is none */
};

/* HTML standard, section 13.5, "named character references": all that need no semicolon, and those
 * of ASCII's punctuation. Sorted by name. */
static const struct entity {
    const char *name;
    uint8_t character;
    bool bare; /* needs no semicolon */
} entities[] = {{"AElig", 0xC6, true},
                {"AMP", 0x26, true},
                {"Aacute", 0xC1, true},
                {"Acirc", 0xC2, true},
                {"Agrave", 0xC0, true},
                {"Aring", 0xC5, true},
                {"Atilde", 0xC3, true},
                {"Auml", 0xC4, true},
                {"COPY", 0xA9, true},
                {"Ccedil", 0xC7, true},
                {"DiacriticalGrave", 0x60, false},
                {"ETH", 0xD0, true},
                {"Eacute", 0xC9, true},
                {"Ecirc", 0xCA, true},
                {"Egrave", 0xC8, true},
                {"Euml", 0xCB, true},
                {"GT", 0x3E, true},
                {"Hat", 0x5E, false},
                {"Iacute", 0xCD, true},
                {"Icirc", 0xCE, true},
                {"Igrave", 0xCC, true},
                {"Iuml", 0xCF, true},
                {"LT", 0x3C, true},
                {"NewLine", 0x0A, false},
                {"Ntilde", 0xD1, true},
                {"Oacute", 0xD3, true},
                {"Ocirc", 0xD4, true},
                {"Ograve", 0xD2, true},
                {"Oslash", 0xD8, true},
                {"Otilde", 0xD5, true},
                {"Ouml", 0xD6, true},
                {"QUOT", 0x22, true},
                {"REG", 0xAE, true},
                {"THORN", 0xDE, true},
                {"Tab", 0x09, false},
                {"Uacute", 0xDA, true},
                {"Ucirc", 0xDB, true},
                {"Ugrave", 0xD9, true},
                {"UnderBar", 0x5F, false},
                {"Uuml", 0xDC, true},
                {"VerticalLine", 0x7C, false},
                {"Yacute", 0xDD, true},
                {"aacute", 0xE1, true},
                {"acirc", 0xE2, true},
                {"acute", 0xB4, true},
                {"aelig", 0xE6, true},
                {"agrave", 0xE0, true},
                {"amp", 0x26, true},
                {"aring", 0xE5, true},
                {"ast", 0x2A, false},
                {"atilde", 0xE3, true},
                {"auml", 0xE4, true},
                {"brvbar", 0xA6, true},
                {"bsol", 0x5C, false},
                {"ccedil", 0xE7, true},
                {"cedil", 0xB8, true},
                {"cent", 0xA2, true},
                {"colon", 0x3A, false},
                {"comma", 0x2C, false},
                {"commat", 0x40, false},
                {"copy", 0xA9, true},
                {"curren", 0xA4, true},
                {"deg", 0xB0, true},
                {"divide", 0xF7, true},
                {"dollar", 0x24, false},
                {"eacute", 0xE9, true},
                {"ecirc", 0xEA, true},
                {"egrave", 0xE8, true},
                {"equals", 0x3D, false},
                {"eth", 0xF0, true},
                {"euml", 0xEB, true},
                {"excl", 0x21, false},
                {"frac12", 0xBD, true},
                {"frac14", 0xBC, true},
                {"frac34", 0xBE, true},
                {"grave", 0x60, false},
                {"gt", 0x3E, true},
                {"iacute", 0xED, true},
                {"icirc", 0xEE, true},
                {"iexcl", 0xA1, true},
                {"igrave", 0xEC, true},
                {"iquest", 0xBF, true},
                {"iuml", 0xEF, true},
                {"laquo", 0xAB, true},
                {"lbrace", 0x7B, false},
                {"lbrack", 0x5B, false},
                {"lcub", 0x7B, false},
                {"lowbar", 0x5F, false},
                {"lpar", 0x28, false},
                {"lsqb", 0x5B, false},
                {"lt", 0x3C, true},
                {"macr", 0xAF, true},
                {"micro", 0xB5, true},
                {"midast", 0x2A, false},
                {"middot", 0xB7, true},
                {"nbsp", 0xA0, true},
                {"not", 0xAC, true},
                {"ntilde", 0xF1, true},
                {"num", 0x23, false},
                {"oacute", 0xF3, true},
                {"ocirc", 0xF4, true},
                {"ograve", 0xF2, true},
                {"ordf", 0xAA, true},
                {"ordm", 0xBA, true},
                {"oslash", 0xF8, true},
                {"otilde", 0xF5, true},
                {"ouml", 0xF6, true},
                {"para", 0xB6, true},
                {"percnt", 0x25, false},
                {"period", 0x2E, false},
                {"plus", 0x2B, false},
                {"plusmn", 0xB1, true},
                {"pound", 0xA3, true},
                {"quest", 0x3F, false},
                {"quot", 0x22, true},
                {"raquo", 0xBB, true},
                {"rbrace", 0x7D, false},
                {"rbrack", 0x5D, false},
                {"rcub", 0x7D, false},
                {"reg", 0xAE, true},
                {"rpar", 0x29, false},
                {"rsqb", 0x5D, false},
                {"sect", 0xA7, true},
                {"semi", 0x3B, false},
                {"shy", 0xAD, true},
                {"sol", 0x2F, false},
                {"sup1", 0xB9, true},
                {"sup2", 0xB2, true},
                {"sup3", 0xB3, true},
                {"szlig", 0xDF, true},
                {"thorn", 0xFE, true},
                {"times", 0xD7, true},
                {"uacute", 0xFA, true},
                {"ucirc", 0xFB, true},
                {"ugrave", 0xF9, true},
                {"uml", 0xA8, true},
                {"uuml", 0xFC, true},
                {"verbar", 0x7C, false},
                {"vert", 0x7C, false},
                {"yacute", 0xFD, true},
                {"yen", 0xA5, true},
                {"yuml", 0xFF, true}};

static bool is_name(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

struct name {
    const char *text;
    size_t size;
};

static int compare(const void *key, const void *item) {
    const struct name *name = key;
    const struct entity *entity = item;
    int order = strncmp(name->text, entity->name, name->size);
    return order == 0 && entity->name[name->size] ? -1 : order;
}

static const struct entity *find(const char *text, size_t size) {
    const struct name name = {text, size};
    return bsearch(&name, entities, sizeof entities / sizeof *entities, sizeof *entities, compare);
}

size_t html_entity_read(const char *text, size_t size, bool in_tag, uint32_t *character) {
    const char *name = text + 1;
    size_t length = 0, left = size - 1;
    while (length < left && length < RUN_MOST && is_name(name[length]))
        length++;
    if (length < left && name[length] == ';') {
        const struct entity *entity = find(name, length);
        *character = entity ? entity->character : 0;
        return entity ? length + 2 : 0;
    }
    for (size_t prefix = length < BARE_MOST ? length : BARE_MOST; prefix > 0; prefix--) {
        const struct entity *entity = find(name, prefix);
        if (!entity || !entity->bare)
            continue;
        bool goes_on = prefix < length || (prefix < left && name[prefix] == '=');
        *character = entity->character;
        return in_tag && goes_on ? 0 : prefix + 1;
    }
    return 0;
}
