/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <xunzi/xunzi.h>

int main(int argc, char **argv) {
    const xunzi_document documents[] = {{.id = xunzi_string_of("1"),
                                         .title = xunzi_string_of("縣醫院加入專科聯盟"),
                                         .body = xunzi_string_of("遠程會診每週兩次。")},
                                        {.id = xunzi_string_of("2"),
                                         .title = xunzi_string_of("两校交换教师"),
                                         .body = xunzi_string_of("为期一学年。")}};
    const char *path = argc > 1 ? argv[1] : "news.xunzi";
    xunzi_writer *writer;
    xunzi_index *index;
    xunzi_results *results;
    if (xunzi_writer_open(path, NULL, &writer) || xunzi_writer_add(writer, &documents[0]) ||
        xunzi_writer_add(writer, &documents[1]) || xunzi_writer_commit(writer) ||
        xunzi_index_open(path, &index) ||
        xunzi_search(index, xunzi_string_of("专科联盟"), NULL, &results)) {
        fprintf(stderr, "%s\n", xunzi_error_message());
        return 1;
    }
    for (size_t i = 0; i < xunzi_results_count(results); i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i);
        printf("%llu. %.*s\n", (unsigned long long)hit->rank, (int)hit->title.size,
               hit->title.data);
    }
    xunzi_results_free(results);
    xunzi_index_close(index);
    xunzi_writer_close(writer);
    return 0;
}
