/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON as the programs print it: on one line, Han and other letters as they are, slashes not
 * escaped, and every character that is unsafe on a terminal (base/printable.h) as \uXXXX, by
 * surrogate pairs above U+FFFF. Functions append to out and return false where memory runs out. */
#ifndef XUNZI_PROGRAM_JSON_TEXT_H
#define XUNZI_PROGRAM_JSON_TEXT_H

#include "base/buffer.h"

struct json_object;

/* A string in its quotes. Ill-formed UTF-8 becomes U+FFFD. */
bool json_text_append_string(struct buffer *out, const char *text, size_t size);

/* A value of json-c, with no white space in it. */
bool json_text_append(struct buffer *out, struct json_object *value);

/* JSON text that is valid already: its numbers and escapes stay as they are spelled; only unsafe
 * characters are escaped, and line breaks and tabs between tokens become spaces. */
bool json_text_append_json(struct buffer *out, const char *json, size_t size);

#endif
