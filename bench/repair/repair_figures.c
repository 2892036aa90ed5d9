/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How well repair reads damaged pages, measured on clean text.
 *
 *     repair-figures [OPTION...] FILE
 *
 * FILE has a text a line, in UTF-8. From each, pages are made: one at a time, one of its characters
 * (every one, or every Nth) loses the lead byte that it has in the charset, and what follows is
 * read out of phase. Then the phrases of four characters that touch the stretch out of phase are
 * looked up in the page: those that have the character whose byte was lost, and the others.
 *
 *     --charset gbk|big5
 *     --reading question|pair|replacement|dropped|private
 *     --annotate --by-run --narrow --without-mark
 *     --every N (1)
 *     --length N (120): each text is cut to pieces of so many characters
 *     --show: phrases that are not found
 *
 * With --clean, nothing is damaged: prints how many texts have a stretch mended all the same, and
 * which.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tests/text/damage.h"
#include "text/repair.h"

enum { PHRASE = 4 };

struct figures {
    size_t pages, with, with_found, without, without_found, annotated, annotated_found;
};

struct settings {
    struct damage_options damage;
    bool narrow, clean, show;
    size_t every, length;
    const char *path;
};

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "repair-figures: %s\n", what);
    exit(2);
}

static void print_page(const struct damage_text *text, size_t at, const struct buffer *page,
                       const struct edits *edits) {
    struct buffer phrase = {0};
    for (size_t i = at; i < at + PHRASE; i++) {
        char bytes[4];
        if (!buffer_append(&phrase, bytes, utf8_encode(text->characters[i], bytes)))
            fail("no memory");
    }
    printf("%.*s not in %.*s\n", (int)phrase.size, phrase.data, (int)page->size, page->data);
    for (size_t i = 0; i < edits->count; i++)
        if (edits->items[i].kind == EDIT_MEND)
            printf("    %.*s => %.*s\n", (int)(edits->items[i].end - edits->items[i].begin),
                   page->data + edits->items[i].begin, (int)edits->items[i].replacement.size,
                   edits->items[i].replacement.data);
    buffer_free(&phrase);
}

/* Looks the phrases up that touch characters [lost, lost + shifted). */
static void look_up(const struct settings *settings, const struct damage_text *text, size_t lost,
                    const struct damaged *damaged, const struct edits *edits,
                    struct figures *figures) {
    static struct damage_views views;
    damage_look(&damaged->page, edits, &views);
    size_t begin = lost < PHRASE - 1 ? 0 : lost - (PHRASE - 1), end = lost + damaged->shifted;
    for (size_t at = begin; at < end && at + PHRASE <= text->count; at++) {
        uint32_t folded[PHRASE];
        bool is_phrase = true;
        for (size_t i = 0; i < PHRASE; i++) {
            folded[i] = damage_fold(text->characters[at + i]);
            is_phrase = is_phrase && folded[i] != 0;
        }
        if (!is_phrase)
            continue;
        bool found = damage_finds(&views, folded, PHRASE);
        bool with = at <= lost && lost < at + PHRASE;
        *(with ? &figures->with : &figures->without) += 1;
        *(with ? &figures->with_found : &figures->without_found) += found;
        if (!found && settings->show)
            print_page(text, at, &damaged->page, edits);
    }
}

static void measure(const struct settings *settings, struct repairer *repairer,
                    const struct damage_text *text, struct figures *figures) {
    static struct damaged damaged;
    static struct edits edits;
    static size_t turn;
    for (size_t lost = 0; lost < text->count; lost++) {
        if (!damage_possible(text->characters[lost], settings->damage.charset) ||
            damage_fold(text->characters[lost]) == 0 || turn++ % settings->every != 0)
            continue;
        damage_make(text, lost, &settings->damage, &damaged);
        if (repair_find(repairer, damaged.page.data, damaged.page.size, &edits) != XUNZI_OK)
            fail(xunzi_error_message());
        figures->pages++;
        look_up(settings, text, lost, &damaged, &edits, figures);
    }
}

/* Readings alone: every phrase of the annotated text. */
static void measure_readings(const struct settings *settings, struct repairer *repairer,
                             const struct damage_text *text, struct figures *figures) {
    static struct damaged damaged;
    static struct edits edits;
    struct figures all = {0};
    damage_make(text, SIZE_MAX, &settings->damage, &damaged);
    if (repair_find(repairer, damaged.page.data, damaged.page.size, &edits) != XUNZI_OK)
        fail(xunzi_error_message());
    damaged.shifted = text->count;
    look_up(settings, text, 0, &damaged, &edits, &all);
    figures->annotated += all.with + all.without;
    figures->annotated_found += all.with_found + all.without_found;
}

static bool measure_clean(struct repairer *repairer, const char *text, size_t size) {
    static struct edits edits;
    bool mended = false;
    if (repair_find(repairer, text, size, &edits) != XUNZI_OK)
        fail(xunzi_error_message());
    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.items[i];
        mended = mended || edit->kind == EDIT_MEND;
        if (edit->kind == EDIT_MEND)
            printf("%.*s => %.*s\n", (int)(edit->end - edit->begin), text + edit->begin,
                   (int)edit->replacement.size, edit->replacement.data);
    }
    return mended;
}

static void read_arguments(int count, char **arguments, struct settings *settings) {
    static const char *const readings[] = {"question", "pair", "replacement", "dropped", "private"};
    *settings = (struct settings){.every = 1, .length = 120};
    for (int i = 1; i < count; i++) {
        const char *argument = arguments[i], *value = i + 1 < count ? arguments[i + 1] : "";
        if (strcmp(argument, "--annotate") == 0) {
            settings->damage.annotate = true;
        } else if (strcmp(argument, "--by-run") == 0) {
            settings->damage.by_run = true;
        } else if (strcmp(argument, "--without-mark") == 0) {
            settings->damage.without_mark = true;
        } else if (strcmp(argument, "--narrow") == 0) {
            settings->narrow = true;
        } else if (strcmp(argument, "--clean") == 0) {
            settings->clean = true;
        } else if (strcmp(argument, "--show") == 0) {
            settings->show = true;
        } else if (strcmp(argument, "--charset") == 0) {
            settings->damage.charset = strcmp(value, "big5") == 0 ? DAMAGE_BIG5 : DAMAGE_GBK;
            i++;
        } else if (strcmp(argument, "--reading") == 0) {
            for (int reading = 0; reading < 5; reading++)
                if (strcmp(value, readings[reading]) == 0)
                    settings->damage.reading = (enum damage_reading)reading;
            i++;
        } else if (strcmp(argument, "--every") == 0 || strcmp(argument, "--length") == 0) {
            *(argument[2] == 'e' ? &settings->every : &settings->length) = strtoul(value, NULL, 10);
            i++;
        } else {
            settings->path = argument;
        }
    }
    if (!settings->path || settings->every == 0 || settings->length < PHRASE)
        fail("usage: repair-figures [OPTION...] FILE; its first comment lists the options");
}

static double percent(size_t part, size_t whole) {
    return whole ? 100.0 * (double)part / (double)whole : 100.0;
}

int main(int count, char **arguments) {
    struct settings settings;
    struct figures figures = {0};
    struct repairer *repairer;
    struct damage_text text = {0};
    char *line = NULL;
    size_t capacity = 0, texts = 0, mended = 0;
    read_arguments(count, arguments, &settings);
    FILE *file = fopen(settings.path, "rb");
    if (!file)
        fail("the file cannot be read");
    if (repairer_new(&repairer) != XUNZI_OK)
        fail(xunzi_error_message());
    for (ssize_t size; (size = getline(&line, &capacity, file)) > 0; texts++) {
        if (settings.clean) {
            mended += measure_clean(repairer, line, (size_t)size);
            continue;
        }
        damage_text_read(&text, line, (size_t)size - 1);
        if (settings.narrow)
            damage_text_narrow(&text);
        for (size_t at = 0; at < text.count; at += settings.length) {
            size_t length = text.count - at < settings.length ? text.count - at : settings.length;
            struct damage_text piece = {.characters = text.characters + at, .count = length};
            if (settings.damage.annotate)
                measure_readings(&settings, repairer, &piece, &figures);
            measure(&settings, repairer, &piece, &figures);
        }
    }
    if (settings.clean)
        printf("%zu of %zu clean texts have a stretch mended\n", mended, texts);
    else
        printf("%zu pages; phrases with the character that lost a byte: %.2f%% of %zu; others in "
               "the stretch: %.2f%% of %zu\n",
               figures.pages, percent(figures.with_found, figures.with), figures.with,
               percent(figures.without_found, figures.without), figures.without);
    if (settings.damage.annotate && !settings.clean)
        printf("phrases through readings alone: %.3f%% of %zu\n",
               percent(figures.annotated_found, figures.annotated), figures.annotated);
    free(line);
    damage_text_free(&text);
    fclose(file);
    return ferror(stdout) ? 1 : 0;
}
