/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters that join and ask rather than say: particles, prepositions, pronouns, question words.
 */
#ifndef XUNZI_SEARCHER_FUNCTION_CHARACTERS_H
#define XUNZI_SEARCHER_FUNCTION_CHARACTERS_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a folded character is one. */
bool is_function_character(uint32_t code_point);

#endif
