/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A scanner over one JSON object: it finds where members begin and end, and checks each string's
 * quotes, number and name on the way; that brackets, commas and colons are in their places is known
 * from json-c. */
#include "indexer/json_members.h"

#include <json-c/json.h>

const char *const json_member_names[JSON_MEMBER_COUNT] = {"id",   "title",  "body",
                                                          "date", "source", "url"};

struct scanner {
    const char *json;
    size_t size;
    size_t at;
    const char *problem;
};

static bool wrong(struct scanner *scanner, const char *problem) {
    scanner->problem = problem;
    return false;
}

static char current(const struct scanner *scanner) {
    return scanner->at < scanner->size ? scanner->json[scanner->at] : '\0';
}

static void skip_space(struct scanner *scanner) {
    while (current(scanner) == ' ' || current(scanner) == '\t' || current(scanner) == '\r' ||
           current(scanner) == '\n')
        scanner->at++;
}

static bool scan_string(struct scanner *scanner) {
    if (current(scanner) != '"')
        return wrong(scanner, "a string in double quotes expected");
    const char *inside = scanner->json + scanner->at + 1, *end = scanner->json + scanner->size;
    for (const char *quote = inside; quote < end; quote++) {
        quote = memchr(quote, '"', (size_t)(end - quote));
        if (!quote)
            break;
        const char *before = quote;
        while (before > inside && before[-1] == '\\')
            before--;
        if ((quote - before) % 2 == 0) {
            scanner->at = (size_t)(quote - scanner->json) + 1;
            return true;
        }
    }
    return wrong(scanner, "a string without an end");
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool scan_digits(struct scanner *scanner) {
    if (!is_digit(current(scanner)))
        return wrong(scanner, "a digit expected");
    while (is_digit(current(scanner)))
        scanner->at++;
    return true;
}

static bool scan_number(struct scanner *scanner) {
    if (current(scanner) == '-')
        scanner->at++;
    if (!scan_digits(scanner))
        return false;
    if (current(scanner) == '.') {
        scanner->at++;
        if (!scan_digits(scanner))
            return false;
    }
    if (current(scanner) == 'e' || current(scanner) == 'E') {
        scanner->at++;
        if (current(scanner) == '+' || current(scanner) == '-')
            scanner->at++;
        return scan_digits(scanner);
    }
    return true;
}

static bool scan_scalar(struct scanner *scanner) {
    static const char *const literals[] = {"true", "false", "null"};
    if (current(scanner) == '"')
        return scan_string(scanner);
    for (int i = 0; i < 3; i++) {
        size_t size = strlen(literals[i]);
        if (scanner->size - scanner->at >= size &&
            memcmp(scanner->json + scanner->at, literals[i], size) == 0) {
            scanner->at += size;
            return true;
        }
    }
    if (current(scanner) == '-' || is_digit(current(scanner)))
        return scan_number(scanner);
    return wrong(scanner, "a JSON value expected");
}

/* Moves behind the value that begins here. */
static bool scan_value(struct scanner *scanner) {
    size_t depth = 0;
    do {
        switch (current(scanner)) {
        case '{':
        case '[':
            depth++;
            scanner->at++;
            break;
        case '}':
        case ']':
            depth--;
            scanner->at++;
            break;
        case ',':
        case ':':
            scanner->at++;
            break;
        default:
            if (!scan_scalar(scanner))
                return false;
        }
        if (depth > 0)
            skip_space(scanner);
    } while (depth > 0);
    return true;
}

/* Compares the name spelled json[0, size), quotes included, with the known ones. */
static bool classify_name(struct scanner *scanner, const char *name, size_t size, bool *known) {
    struct json_object *decoded = NULL;
    const char *plain = name + 1;
    size_t plain_size = size - 2;
    if (memchr(name, '\\', size)) {
        struct json_tokener *tokener = json_tokener_new();
        decoded = tokener ? json_tokener_parse_ex(tokener, name, (int)size) : NULL;
        if (tokener)
            json_tokener_free(tokener);
        if (!decoded)
            return wrong(scanner, "a member's name cannot be read");
        plain = json_object_get_string(decoded);
        plain_size = (size_t)json_object_get_string_len(decoded);
    }
    /* json-c ends names at a NUL, and would take "body\u0000x" for the body. */
    bool has_nul = memchr(plain, '\0', plain_size) != NULL;
    *known = false;
    for (int i = 0; i < JSON_MEMBER_COUNT; i++)
        *known = *known || (plain_size == strlen(json_member_names[i]) &&
                            memcmp(plain, json_member_names[i], plain_size) == 0);
    json_object_put(decoded);
    return has_nul ? wrong(scanner, "a member's name holds U+0000") : true;
}

static bool append_member(struct buffer *out, const char *name, size_t name_size, const char *value,
                          size_t size) {
    return buffer_append_byte(out, out->size ? ',' : '{') && buffer_append(out, name, name_size) &&
           buffer_append_byte(out, ':') && buffer_append(out, value, size);
}

static enum json_members_outcome gather(struct scanner *scanner, struct buffer *out) {
    skip_space(scanner);
    scanner->at++; /* the brace */
    skip_space(scanner);
    while (current(scanner) == '"' || current(scanner) == '\'') {
        size_t name = scanner->at;
        bool known;
        if (!scan_string(scanner))
            return JSON_MEMBERS_WRONG;
        size_t name_size = scanner->at - name;
        if (!classify_name(scanner, scanner->json + name, name_size, &known))
            return JSON_MEMBERS_WRONG;
        skip_space(scanner);
        scanner->at++; /* the colon */
        skip_space(scanner);
        size_t value = scanner->at;
        if (!scan_value(scanner))
            return JSON_MEMBERS_WRONG;
        if (!known && !append_member(out, scanner->json + name, name_size, scanner->json + value,
                                     scanner->at - value))
            return JSON_MEMBERS_NO_MEMORY;
        skip_space(scanner);
        if (current(scanner) == ',')
            scanner->at++;
        skip_space(scanner);
    }
    if (out->size > 0 && !buffer_append_byte(out, '}'))
        return JSON_MEMBERS_NO_MEMORY;
    return JSON_MEMBERS_OK;
}

enum json_members_outcome json_members_gather(const char *json, size_t size, struct buffer *out,
                                              const char **problem, size_t *at) {
    buffer_clear(out);
    struct scanner scanner = {.json = json, .size = size};
    enum json_members_outcome outcome = gather(&scanner, out);
    *problem = scanner.problem;
    *at = scanner.at;
    return outcome;
}
