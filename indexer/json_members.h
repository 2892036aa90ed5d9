/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The members of a JSON object as they are spelled, for keeping the ones that Xunzi does not know:
 * numbers keep their digits, strings their escapes, members their order. */
#ifndef XUNZI_INDEXER_JSON_MEMBERS_H
#define XUNZI_INDEXER_JSON_MEMBERS_H

#include "base/buffer.h"

/* The members a document is made of. */
enum json_member {
    JSON_ID,
    JSON_TITLE,
    JSON_BODY,
    JSON_DATE,
    JSON_SOURCE,
    JSON_URL,
    JSON_MEMBER_COUNT
};

extern const char *const json_member_names[JSON_MEMBER_COUNT];

enum json_members_outcome { JSON_MEMBERS_OK, JSON_MEMBERS_WRONG, JSON_MEMBERS_NO_MEMORY };

/* Appends to out a JSON object of the members of `json` that are not in json_member_names; nothing
 * where there are none. json has been parsed by json-c already, which lets pass what is no JSON
 * (RFC 8259): strings in single quotes, NaN, "1."; here it is found. WRONG: *problem says what and
 * *at where. */
enum json_members_outcome json_members_gather(const char *json, size_t size, struct buffer *out,
                                              const char **problem, size_t *at);

#endif
