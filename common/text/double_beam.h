/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The likeliest ways to read bytes as UTF-8 where some of them are missing.
 *
 * A converter from GBK drops a pair of bytes that is no character there, or its first byte only, or
 * shows a mark for it. Such pairs are few: their first byte goes on with the character that is
 * open, the second goes on with it too or begins the next one. A beam search reads on with each,
 * and weighs the characters that come of it behind those before them (character_model.h; what is
 * not Han costs what it costs in charset_statistics.h). Ways that come to the same two characters
 * and the same open bytes are one way from there on, as the model looks no further back.
 *
 * The bytes come in pieces, one for each character that the converter made of them. A beam belongs
 * to one thread; time for a piece is bounded.
 */
#ifndef XUNZI_TEXT_DOUBLE_BEAM_H
#define XUNZI_TEXT_DOUBLE_BEAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/double_bytes.h"

enum {
    DOUBLE_BEAM_WIDTH = 32,
    DOUBLE_BEAM_NODES = 64 * DOUBLE_BEAM_WIDTH, /* kept until a way is chosen */
    DOUBLE_BEAM_PIECE = 4,                      /* bytes that one node adds, at most */
    DOUBLE_BEAM_UNIT = 16 /* bytes from where no character is open to where none is again */
};

/* The bytes of a character of the text, at most two, and where that stands. */
struct double_piece {
    char bytes[2];
    uint8_t size;
    size_t begin, end;
};

/* A way to read the bytes so far. */
struct double_node {
    uint32_t cost;           /* in units of 1/CHARACTER_MODEL_UNIT nats */
    uint32_t margin;         /* what the closest other way would have cost more */
    uint32_t begin, end;     /* of its piece in the text */
    uint16_t parent;         /* in nodes */
    uint16_t previous, last; /* the last two characters, numbers of the model */
    uint8_t unit_size;       /* bytes since no character was open */
    uint8_t open_size;       /* bytes of the character that is open */
    uint8_t size;            /* of bytes */
    bool guessed;            /* bytes begins with some that are not in the text */
    uint8_t whole;           /* so many of those end a character, and none is open behind them */
    char open[3];
    char bytes[DOUBLE_BEAM_PIECE];
};

struct double_beam {
    const struct double_bytes *gbk;
    struct double_node nodes[DOUBLE_BEAM_NODES];
    size_t begin, end;                  /* the ways, in nodes */
    size_t next;                        /* while they go on: the end of the new ones, */
    uint64_t states[DOUBLE_BEAM_WIDTH]; /* of each what it goes on from, */
    uint32_t least;                     /* and the cost of the likeliest */
    uint64_t guesses;                   /* that were tried so far: what time goes by */
};

/* gbk is that of double_bytes_tables. */
void double_beam_init(struct double_beam *beam, const struct double_bytes *gbk);

/* Forgets all ways but an empty one behind the characters of nodes[last]; with last NULL, behind
 * none. It ends at `end`. */
void double_beam_restart(struct double_beam *beam, const struct double_node *last, size_t end);

/* The likeliest way. */
const struct double_node *double_beam_best(const struct double_beam *beam);

/* Goes on with a piece. False: no way goes on, and all are as they were; also when there is no
 * room.
 */
bool double_beam_go_on(struct double_beam *beam, const struct double_piece *piece);

/* The same where a lost byte 80, a missing pair or the first byte of one stands before the piece.
 * marked: a mark stands for it; such a byte 80 is no guess. */
bool double_beam_go_on_behind_gap(struct double_beam *beam, bool marked,
                                  const struct double_piece *piece);

/* Goes on with a lost byte 80 that a mark stands for before the piece. */
bool double_beam_go_on_behind_mark(struct double_beam *beam, const struct double_piece *piece);

/* Goes on with a missing pair, or a last byte, that ends a Han character; to `end`. */
bool double_beam_close(struct double_beam *beam, size_t end);

#endif
