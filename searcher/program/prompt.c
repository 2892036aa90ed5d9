/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interactive prompt. */
#include "searcher/program/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/fail.h"
#include "searcher/program/answer.h"
#include "searcher/program/line_editor.h"

static const char HELP[] =
    "Type a query, or a command:\n"
    "  :more          the next hits\n"
    "  :open N        the whole document of hit N\n"
    "  :like N        documents like hit N\n"
    "  :mode [MODE]   how a query is read: query, or, and, phrase\n"
    "  :sort [ORDER]  relevance or date\n"
    "  :limit [N]     hits on a page\n"
    "  :help          this\n"
    "  :quit, :q      end (also Ctrl-D)\n"
    "Ctrl-C drops the line being typed; arrow keys bring earlier ones back.\n";

struct prompt {
    xunzi_index *index;
    struct options options;      /* for the next query */
    struct options page_options; /* that the last query was asked with, for :more */
    struct buffer query;         /* that one */
    bool like;                   /* it is the id of a document that hits are to be like */
    bool has_query;
    size_t shown;       /* hits of it shown so far, from the first on */
    struct buffer *ids; /* of those hits, in order */
    size_t id_capacity;
};

static void forget_hits(struct prompt *prompt) {
    for (size_t i = 0; i < prompt->shown; i++)
        buffer_free(&prompt->ids[i]);
    prompt->shown = 0;
}

/* Keeps the ids of the hits just shown, for :open. */
static bool keep_hits(struct prompt *prompt, const xunzi_results *results) {
    size_t count = xunzi_results_count(results);
    if (!array_reserve(&prompt->ids, &prompt->id_capacity, prompt->shown + count,
                       sizeof *prompt->ids))
        return false;
    for (size_t i = 0; i < count; i++) {
        xunzi_string id = xunzi_results_hit(results, i)->id;
        struct buffer *kept = &prompt->ids[prompt->shown];
        *kept = (struct buffer){0};
        if (!buffer_append(kept, id.data, id.size))
            return false;
        prompt->shown++;
    }
    return true;
}

/* Shows the page of the current query that begins behind the hits shown so far. */
static void show_page(struct prompt *prompt) {
    xunzi_results *results;
    bool found;
    struct output_answer answer = {.query = {prompt->query.data, prompt->query.size},
                                   .like = prompt->like};
    prompt->page_options.search.offset = prompt->shown;
    if (answer_query(prompt->index, &prompt->page_options, answer, &found, &results) != XUNZI_OK) {
        program_fail_library();
        return;
    }
    if (!keep_hits(prompt, results))
        program_fail("not enough memory to keep these hits for :open");
    xunzi_results_free(results);
}

/* Asks for a query, or for what is like the document of an id. */
static void ask(struct prompt *prompt, const char *text, size_t size, bool like) {
    buffer_clear(&prompt->query);
    prompt->like = like;
    prompt->has_query = buffer_append(&prompt->query, text, size);
    forget_hits(prompt);
    if (!prompt->has_query) {
        program_fail("not enough memory");
        return;
    }
    prompt->page_options = prompt->options;
    /* A page that :more brings goes on in the state of the first one; a new query sees what was
     * committed since. */
    if (xunzi_index_refresh(prompt->index) != XUNZI_OK)
        program_fail_library();
    show_page(prompt);
}

static void run_more(struct prompt *prompt, const char *argument) {
    (void)argument;
    if (!prompt->has_query) {
        program_message("there is no query yet whose hits could go on");
        return;
    }
    prompt->page_options.search.limit = prompt->options.search.limit;
    show_page(prompt);
}

/* The id of the hit that a command's argument names; NULL: there is none, which has been said. */
static const struct buffer *find_hit(const struct prompt *prompt, const char *command,
                                     const char *argument) {
    size_t number;
    if (!options_parse_number(argument, &number))
        program_message(":%s is followed by the number of a hit", command);
    else if (prompt->shown == 0)
        program_message("no hits have been shown yet");
    else if (number == 0 || number > prompt->shown)
        program_message("there is no hit %zu; the last query has shown 1 to %zu", number,
                        prompt->shown);
    else
        return &prompt->ids[number - 1];
    return NULL;
}

static void run_open(struct prompt *prompt, const char *argument) {
    xunzi_document document;
    const struct buffer *id = find_hit(prompt, "open", argument);
    if (!id)
        return;
    struct output_style style = answer_style(&prompt->options);
    if (xunzi_index_document(prompt->index, (xunzi_string){id->data, id->size}, &document) !=
        XUNZI_OK)
        program_fail_library();
    else if (!output_text_document(&style, &document, line_editor_interrupted))
        program_fail("not enough memory");
}

static void run_like(struct prompt *prompt, const char *argument) {
    const struct buffer *id = find_hit(prompt, "like", argument);
    if (id)
        ask(prompt, id->data, id->size, true);
}

static void run_mode(struct prompt *prompt, const char *argument) {
    if (*argument && !options_parse_mode(argument, &prompt->options.search.mode))
        program_message(":mode is followed by query, or, and or phrase");
    else
        printf("mode: %s\n", options_mode_name(prompt->options.search.mode));
}

static void run_sort(struct prompt *prompt, const char *argument) {
    if (*argument && !options_parse_sort(argument, &prompt->options.search.sort))
        program_message(":sort is followed by relevance or date");
    else
        printf("sort: %s\n", options_sort_name(prompt->options.search.sort));
}

static void run_limit(struct prompt *prompt, const char *argument) {
    size_t limit = prompt->options.search.limit;
    if (*argument && (!options_parse_number(argument, &limit) || limit == 0)) {
        program_message(":limit is followed by a whole number from 1 on");
        return;
    }
    prompt->options.search.limit = limit;
    printf("limit: %zu\n", limit);
}

static void run_help(struct prompt *prompt, const char *argument) {
    (void)prompt, (void)argument;
    fputs(HELP, stdout);
}

static const struct {
    const char *name;
    void (*run)(struct prompt *prompt, const char *argument);
} COMMANDS[] = {
    {"help", run_help}, {"like", run_like}, {"limit", run_limit}, {"mode", run_mode},
    {"more", run_more}, {"open", run_open}, {"sort", run_sort},
};

/* Runs ":NAME ARGUMENT"; false: it was ":quit". text is behind the colon and is taken apart. */
static bool run_command(struct prompt *prompt, char *text) {
    size_t name_size = strcspn(text, " \t");
    char *argument = text + name_size + strspn(text + name_size, " \t");
    for (char *end = argument + strlen(argument); end > argument && strchr(" \t", end[-1]);)
        *--end = '\0';
    text[name_size] = '\0';
    if (strcmp(text, "quit") == 0 || strcmp(text, "q") == 0)
        return false;
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        if (strcmp(text, COMMANDS[i].name) == 0) {
            COMMANDS[i].run(prompt, argument);
            return true;
        }
    }
    program_message("there is no command ':%s'; :help lists them", text);
    return true;
}

/* Handles one line; false: the prompt is to end. */
static bool handle_line(struct prompt *prompt, const char *line, size_t size) {
    size_t blank = strspn(line, " \t");
    if (line[blank] == '\0')
        return true;
    if (line[blank] != ':') {
        ask(prompt, line, size, false);
        return true;
    }
    char *command = strdup(line + blank + 1);
    if (!command) {
        program_fail("not enough memory");
        return true;
    }
    bool go_on = run_command(prompt, command);
    free(command);
    return go_on;
}

int prompt_run(xunzi_index *index, const struct options *options) {
    struct prompt prompt = {.index = index, .options = *options};
    if (prompt.options.search.limit == 0 && !options->count_only)
        prompt.options.search.limit = xunzi_search_options_default().limit;
    struct line_editor *editor = line_editor_open("xunzi-searcher", "尋字> ");
    if (!editor)
        return program_fail(
            "this terminal cannot be read line by line; give the QUERY on the command line");
    bool go_on = true;
    while (go_on && !program_output_failed()) {
        const char *line;
        size_t size;
        switch (line_editor_read(editor, &line, &size)) {
        case LINE_EDITOR_LINE:
            go_on = handle_line(&prompt, line, size);
            break;
        case LINE_EDITOR_INTERRUPTED:
            break;
        case LINE_EDITOR_END:
            fputc('\n', stdout);
            go_on = false;
            break;
        }
    }
    line_editor_close(editor);
    forget_hits(&prompt);
    free(prompt.ids);
    buffer_free(&prompt.query);
    return PROGRAM_EXIT_OK;
}
