/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bit packing, the two ways that the segment uses it.
 *
 * A full block is BLOCK_SIZE (128) numbers of `width` bits each, in four lanes: number i belongs to
 * lane i % 4, and a lane packs its 32 numbers into `width` 32-bit little-endian words, first number
 * in the low bits; the lanes' words are interleaved, lane 0 first. (Lemire and Boytsov, "Decoding
 * billions of integers per second through vectorization", 2015: the layout of SIMD-BP128.) It takes
 * 16 * width bytes. Where the processor has AVX2, eight numbers are unpacked at once; the results
 * are the same.
 *
 * A run is any count of numbers of `width` bits one behind the other, from the low bit of the first
 * byte on: it is slower to read, but any number of it can be read alone.
 */
#ifndef XUNZI_SEGMENT_BIT_PACK_H
#define XUNZI_SEGMENT_BIT_PACK_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK_SIZE = 128 };

/* Bits needed for value: 0 for 0. */
static inline unsigned bits_for(uint32_t value) {
    return value == 0 ? 0 : 32u - (unsigned)__builtin_clz(value);
}

/* Writes 16 * width bytes: the low `width` bits, 0 to 32, of every number. */
void block_pack(const uint32_t in[BLOCK_SIZE], unsigned width, uint8_t *out);

/* Reads 16 * width bytes: out[i] is number i and `more`, modulo 2^32. */
void block_unpack(const uint8_t *in, unsigned width, uint32_t more, uint32_t out[BLOCK_SIZE]);

/* Reads 16 * width bytes of distances, less one: out[i] is `before` and all up to number i, and one
 * for each of them, modulo 2^32. */
void block_unpack_sums(const uint8_t *in, unsigned width, uint32_t before,
                       uint32_t out[BLOCK_SIZE]);

/* The same of distances that are unpacked. */
void block_sum(uint32_t numbers[BLOCK_SIZE], uint32_t before);

/* The same three as they are done where the processor has no AVX2: for tests. */
void block_unpack_portable(const uint8_t *in, unsigned width, uint32_t more,
                           uint32_t out[BLOCK_SIZE]);
void block_unpack_sums_portable(const uint8_t *in, unsigned width, uint32_t before,
                                uint32_t out[BLOCK_SIZE]);
void block_sum_portable(uint32_t numbers[BLOCK_SIZE], uint32_t before);

static inline size_t run_bytes(size_t count, unsigned width) {
    return (count * width + 7) / 8;
}

/* Writes a run number by number, each below 2^width, to where there is room for it. */
struct run_writer {
    uint8_t *out;
    uint64_t word; /* not yet written: its low `bits` bits */
    unsigned bits;
};

static inline void run_put(struct run_writer *writer, uint32_t number, unsigned width) {
    writer->word |= (uint64_t)number << writer->bits;
    writer->bits += width;
    if (writer->bits < 32)
        return;
    uint32_t low = (uint32_t)writer->word;
    memcpy(writer->out, &low, sizeof low);
    writer->out += sizeof low;
    writer->word >>= 32;
    writer->bits -= 32;
}

static inline void run_end(struct run_writer *writer) {
    memcpy(writer->out, &writer->word, (writer->bits + 7) / 8);
}

/* Writes run_bytes(count, width) bytes. */
void run_pack(const uint32_t *in, size_t count, unsigned width, uint8_t *out);

/* The number at `index` of a run of which `size` bytes may be read. */
static inline uint32_t run_get(const uint8_t *in, size_t size, size_t index, unsigned width) {
    size_t bit = index * width, byte = bit / 8;
    uint64_t word = 0;
    if (byte + sizeof word <= size)
        memcpy(&word, in + byte, sizeof word); /* little-endian, as the machine is */
    else if (byte < size)
        memcpy(&word, in + byte, size - byte);
    return (uint32_t)(word >> (bit % 8)) & (uint32_t)((UINT64_C(1) << width) - 1);
}

/* Numbers [first, first + count) of a run of which `size` bytes may be read; they lie within. */
void run_unpack(const uint8_t *in, size_t size, size_t first, size_t count, unsigned width,
                uint32_t *out);

#endif
