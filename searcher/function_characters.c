/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list, sorted when first used would cost more than walking it: queries are short. */
#include "searcher/function_characters.h"

#include <stddef.h>

/* Folded, so mostly Simplified. 在 and 是 are here, 有 and 不 are not: what is had or denied is
 * often the point. */
static const uint32_t characters[] = {
    0x7684 /* 的 */, 0x4E86 /* 了 */, 0x5728 /* 在 */, 0x662F /* 是 */, 0x4E4B /* 之 */,
    0x4E0E /* 与 */, 0x548C /* 和 */, 0x53CA /* 及 */, 0x6216 /* 或 */, 0x4E8E /* 于 */,
    0x4E3A /* 为 */, 0x4EE5 /* 以 */, 0x800C /* 而 */, 0x5176 /* 其 */, 0x6240 /* 所 */,
    0x7740 /* 着 */, 0x8FC7 /* 过 */, 0x5730 /* 地 */, 0x5F97 /* 得 */, 0x628A /* 把 */,
    0x88AB /* 被 */, 0x4ECE /* 从 */, 0x5BF9 /* 对 */, 0x5411 /* 向 */, 0x5C31 /* 就 */,
    0x90FD /* 都 */, 0x4E5F /* 也 */, 0x8FD8 /* 还 */, 0x53C8 /* 又 */, 0x54EA /* 哪 */,
    0x4EC0 /* 什 */, 0x751A /* 甚 */, 0x4E48 /* 么 */, 0x8C01 /* 谁 */, 0x600E /* 怎 */,
    0x5417 /* 吗 */, 0x5462 /* 呢 */, 0x5427 /* 吧 */, 0x554A /* 啊 */, 0x5440 /* 呀 */,
    0x8FD9 /* 这 */, 0x90A3 /* 那 */, 0x4EEC /* 们 */, 0x4F60 /* 你 */, 0x6211 /* 我 */,
    0x4ED6 /* 他 */, 0x5979 /* 她 */, 0x5B83 /* 它 */, 0x4E9B /* 些 */, 0x51E0 /* 几 */,
    0x6837 /* 样 */, 0x4F55 /* 何 */, 0x4E2A /* 个 */, 0x91CC /* 里 */,
};

bool is_function_character(uint32_t code_point) {
    bool found = false; /* looked at to the end, several are compared at once */
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
        found |= characters[i] == code_point;
    return found;
}
