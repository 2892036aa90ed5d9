/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-searcher: searches a collection from the command line. */
#include "program/fail.h"
#include "searcher/program/analyze.h"
#include "searcher/program/answer.h"
#include "searcher/program/batch.h"
#include "searcher/program/options.h"
#include "searcher/program/prompt.h"

static int answer_one(xunzi_index *index, const struct options *options) {
    struct output_answer answer = {.query = {options->query.data, options->query.size}};
    if (options->like_id) {
        answer.like = true;
        answer.query = xunzi_string_of(options->like_id);
    }
    bool found;
    if (answer_query(index, options, answer, &found, NULL) != XUNZI_OK)
        return program_fail_library();
    return found ? PROGRAM_EXIT_OK : PROGRAM_EXIT_NONE;
}

static int run(const struct options *options) {
    xunzi_index *index = NULL;
    xunzi_profile profile = XUNZI_PROFILE_FULL;
    int exit_status;
    if (options->index_path) {
        if (xunzi_index_open(options->index_path, &index) != XUNZI_OK)
            return program_fail_library();
        profile = xunzi_index_profile(index);
    }
    if (options->analyze_text)
        exit_status = analyze_run(options->analyze_text, profile);
    else if (options->batch_path)
        exit_status = batch_run(index, options);
    else if (options->has_query || options->like_id)
        exit_status = answer_one(index, options);
    else
        exit_status = prompt_run(index, options);
    xunzi_index_close(index);
    return exit_status;
}

int main(int argc, char **argv) {
    struct options options;
    int exit_status = PROGRAM_EXIT_FAILURE;
    program_begin("xunzi-searcher");
    switch (options_read(&options, argc, argv)) {
    case OPTIONS_RUN:
        exit_status = run(&options);
        break;
    case OPTIONS_DONE:
        exit_status = PROGRAM_EXIT_OK;
        break;
    case OPTIONS_MISTAKE:
        break;
    }
    options_free(&options);
    return program_end(exit_status);
}
