/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding and judging changes of a run. */
#include "searcher/suggest_han.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "searcher/function_characters.h"
#include "searcher/suggest.h"
#include "searcher/suggest_sound.h"
#include "text/character_model.h"

/* The costs of changes, in nats: how much less often a slip of the kind is made than one of sound,
 * and among how many it is one. What a slip leaves of a text is nearly certain where characters are
 * exchanged, doubled or left out; there are thousands of other characters to put in. */
#define COST_SOUND 0.0
#define COST_NEAR 1.0
#define COST_WORD 1.0
#define COST_EXCHANGE (-1.0)
#define COST_DOUBLED (-1.0)
#define COST_MISSING (-2.0)
#define COST_FUNCTION 2.0 /* and it is a function character that is put in */
#define COST_SURPLUS 4.5
#define COST_OTHER 5.5

/* How much of what the model says counts. */
#define SHARE 0.5

/* What a change must gain by the model. */
#define LEAST_GAIN (-3.0)

/* What the model charges for a character more, about, in nats. */
#define MODEL_LENGTH 5.0

/* The least score, which grows with the logarithm of the number of documents: among more of them
 * more is found by chance. */
#define LEAST_SCORE (-1.5)
#define LEAST_SCORE_GROWTH 0.25

/* How much more it must be where some document has what was typed; and where the change and its
 * surroundings are two characters alone, which says little. */
#define DOUBT_OF_FOUND 3.0
#define DOUBT_OF_PAIR 2.0

enum {
    SHORT_RUN = 8, /* characters: what may be a phrase as a whole */
    LONG_RUN_RARER = 20,
    SURROUNDINGS = 3,       /* characters on either side that count as a change's surroundings */
    CANDIDATES_MOST = 8192, /* that are looked at in one place after the other */
    CANDIDATE_STEPS = 4,    /* of judging one by the model */
    SOUNDS_STEPS = 200,     /* of finding what sounds like a character */
    COUNTED_MOST = 48       /* candidates whose documents are counted */
};

/* A change: the characters [begin, end) become others. */
struct candidate {
    size_t begin, end, count;
    bool exchange;
    uint32_t with[2];
    uint32_t least; /* documents with the rarest pair that it makes */
    double worth;   /* likelihood gained less the cost of the change */
    double bound;   /* the best score that it can have */
};

struct correcting {
    struct suggest_collection *collection;
    struct suggest_run *run;
    uint64_t pairs[SUGGEST_RUN_MOST]; /* documents with the pair that begins there */
    uint64_t rare;                    /* a pair of no more documents is suspected */
    double least_score;
    struct candidate *candidates;
    size_t count, capacity;
    struct candidate best;
    double best_score;
    bool has_best;
};

/* ---- likelihood ---- */

/* What the model charges for the characters [begin, end), given what stands before, in nats. */
static double charge(const uint32_t *characters, size_t begin, size_t end) {
    uint32_t sum = 0;
    for (size_t i = begin; i < end; i++) {
        uint32_t number = character_model_number(characters[i]);
        if (i == 0)
            sum += character_model_cost_alone(number);
        else
            sum += character_model_cost(i > 1 ? character_model_number(characters[i - 2]) : 0,
                                        character_model_number(characters[i - 1]), number);
    }
    return (double)sum / CHARACTER_MODEL_UNIT;
}

/* The run with a change made. */
static void apply(const struct suggest_run *run, const struct candidate *change,
                  struct suggest_run *out) {
    size_t to = 0;
    for (size_t i = 0; i < change->begin; i++, to++) {
        out->characters[to] = run->characters[i];
        out->source[to] = run->source[i];
    }
    for (size_t i = 0; i < change->count; i++, to++) {
        out->characters[to] = change->with[i];
        out->source[to] = change->exchange ? run->source[change->end - 1 - i] : -1;
    }
    for (size_t i = change->end; i < run->count; i++, to++) {
        out->characters[to] = run->characters[i];
        out->source[to] = run->source[i];
    }
    out->count = to;
}

/* How much likelier a change makes the run. A character more or less changes what is charged by
 * about the same, whatever it is, which is no matter of its being right. */
static double gain(const struct correcting *correcting, const struct candidate *change) {
    const struct suggest_run *run = correcting->run;
    struct suggest_run changed;
    apply(run, change, &changed);
    size_t behind = change->end + 2 < run->count ? change->end + 2 : run->count;
    double before = charge(run->characters, change->begin, behind);
    double after = charge(changed.characters, change->begin, behind + changed.count - run->count);
    return before - after + MODEL_LENGTH * ((double)changed.count - (double)run->count);
}

/* ---- candidates ---- */

static size_t window_begin(const struct candidate *change) {
    return change->begin > SURROUNDINGS ? change->begin - SURROUNDINGS : 0;
}

static size_t window_end(const struct correcting *correcting, const struct candidate *change) {
    size_t end = change->end + SURROUNDINGS;
    return end < correcting->run->count ? end : correcting->run->count;
}

/* The rarest pair of a change and its surroundings: no more documents can have them. */
static uint64_t bound_of(const struct correcting *correcting, const struct candidate *change) {
    uint64_t least = change->least;
    size_t end = window_end(correcting, change);
    for (size_t i = window_begin(change); i + 1 < end; i++)
        if ((i + 1 < change->begin || i >= change->end) && correcting->pairs[i] < least)
            least = correcting->pairs[i];
    return least < SUGGEST_COUNTED_MOST ? least : SUGGEST_COUNTED_MOST;
}

static xunzi_status add(struct correcting *correcting, struct candidate candidate, double cost) {
    if (!suggest_take_steps(correcting->collection, CANDIDATE_STEPS))
        return XUNZI_OK;
    uint64_t bound = bound_of(correcting, &candidate);
    double gained = gain(correcting, &candidate);
    if (bound == 0 || gained < LEAST_GAIN || correcting->count == CANDIDATES_MOST)
        return XUNZI_OK;
    candidate.worth = SHARE * gained - cost;
    candidate.bound = log((double)bound) + candidate.worth;
    if (candidate.bound < correcting->least_score ||
        (correcting->has_best && candidate.bound <= correcting->best_score))
        return XUNZI_OK;
    if (!array_reserve(&correcting->candidates, &correcting->capacity, correcting->count + 1,
                       sizeof *correcting->candidates))
        return error_no_memory();
    correcting->candidates[correcting->count++] = candidate;
    return XUNZI_OK;
}

static uint32_t at_most(uint64_t count) {
    return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

/* Adds a change of one character, or the putting in of one (begin == end), where the collection has
 * the pairs that it makes. before: of the pair with what stands before it; 0: to be looked up. */
static xunzi_status add_one(struct correcting *correcting, size_t begin, size_t end, uint32_t with,
                            uint64_t before, double cost) {
    const struct suggest_run *run = correcting->run;
    uint64_t least = UINT32_MAX, behind;
    xunzi_status status = XUNZI_OK;
    if (begin > 0) {
        if (before == 0)
            status =
                suggest_pair(correcting->collection, run->characters[begin - 1], with, &before);
        least = before;
    }
    if (status == XUNZI_OK && end < run->count && least > 0) {
        status = suggest_pair(correcting->collection, with, run->characters[end], &behind);
        least = behind < least ? behind : least;
    }
    if (status != XUNZI_OK || least == 0)
        return status;
    return add(correcting,
               (struct candidate){
                   .begin = begin, .end = end, .count = 1, .with = {with}, .least = at_most(least)},
               cost);
}

static bool is_short(const struct suggest_run *run) {
    return run->count <= SHORT_RUN;
}

/* Whether one of the pairs [begin, end) is rare. */
static bool suspected(const struct correcting *correcting, size_t begin, size_t end) {
    for (size_t i = begin; i < end && i + 1 < correcting->run->count; i++)
        if (correcting->pairs[i] <= correcting->rare)
            return true;
    return false;
}

static size_t pair_before(size_t at) {
    return at > 0 ? at - 1 : 0;
}

static xunzi_status add_sounds(struct correcting *correcting, size_t at,
                               const struct sounds *sounds) {
    const struct followers *followers = NULL;
    xunzi_status status = XUNZI_OK;
    if (at > 0)
        status = suggest_followers(correcting->collection, correcting->run->characters[at - 1],
                                   &followers);
    for (size_t i = 0; i < sounds->count && status == XUNZI_OK; i++) {
        const struct sound *sound = &sounds->items[i];
        uint32_t before = followers ? followers_count(followers, sound->character) : 1;
        if (before > 0)
            status = add_one(correcting, at, at + 1, sound->character, followers ? before : 0,
                             (sound->near ? COST_NEAR : COST_SOUND) +
                                 (is_function_character(sound->character) ? COST_FUNCTION : 0));
    }
    return status;
}

/* Two neighbours for two that sound like them. */
static xunzi_status add_words(struct correcting *correcting, size_t at, const struct sounds *firsts,
                              const struct sounds *seconds) {
    const struct suggest_run *run = correcting->run;
    const struct followers *before = NULL, *behind;
    xunzi_status status = XUNZI_OK;
    if (at > 0)
        status = suggest_followers(correcting->collection, run->characters[at - 1], &before);
    for (size_t i = 0; i < firsts->count && status == XUNZI_OK; i++) {
        uint32_t first = firsts->items[i].character, least = UINT32_MAX;
        if (firsts->items[i].near || (before && !(least = followers_count(before, first))))
            continue;
        status = suggest_followers(correcting->collection, first, &behind);
        for (size_t k = 0; k < seconds->count && status == XUNZI_OK; k++) {
            uint32_t second = seconds->items[k].character;
            uint64_t count = seconds->items[k].near ? 0 : followers_count(behind, second);
            uint64_t all = count < least ? count : least;
            if (all > 0 && at + 2 < run->count) {
                status =
                    suggest_pair(correcting->collection, second, run->characters[at + 2], &count);
                all = count < all ? count : all;
            }
            if (all > 0 && status == XUNZI_OK)
                status = add(correcting,
                             (struct candidate){.begin = at,
                                                .end = at + 2,
                                                .count = 2,
                                                .with = {first, second},
                                                .least = at_most(all)},
                             COST_WORD);
        }
    }
    return status;
}

static xunzi_status add_exchange(struct correcting *correcting, size_t at) {
    const uint32_t *characters = correcting->run->characters;
    uint64_t least = UINT32_MAX, count;
    if (characters[at] == characters[at + 1])
        return XUNZI_OK;
    xunzi_status status =
        suggest_pair(correcting->collection, characters[at + 1], characters[at], &least);
    if (status == XUNZI_OK && at > 0 && least > 0) {
        status =
            suggest_pair(correcting->collection, characters[at - 1], characters[at + 1], &count);
        least = count < least ? count : least;
    }
    if (status == XUNZI_OK && at + 2 < correcting->run->count && least > 0) {
        status = suggest_pair(correcting->collection, characters[at], characters[at + 2], &count);
        least = count < least ? count : least;
    }
    if (status != XUNZI_OK || least == 0)
        return status;
    return add(correcting,
               (struct candidate){.begin = at,
                                  .end = at + 2,
                                  .count = 2,
                                  .exchange = true,
                                  .with = {characters[at + 1], characters[at]},
                                  .least = at_most(least)},
               COST_EXCHANGE);
}

/* Leaves one out: at an end of the run only what is typed twice, since less is always found more
 * often. */
static xunzi_status add_omission(struct correcting *correcting, size_t at) {
    const struct suggest_run *run = correcting->run;
    const uint32_t *characters = run->characters;
    bool doubled = at + 1 < run->count && characters[at] == characters[at + 1];
    bool inside = at > 0 && at + 1 < run->count;
    uint64_t least = UINT32_MAX;
    if (run->count < 3 || (!doubled && !inside))
        return XUNZI_OK;
    xunzi_status status = XUNZI_OK;
    if (inside)
        status =
            suggest_pair(correcting->collection, characters[at - 1], characters[at + 1], &least);
    if (status != XUNZI_OK || least == 0)
        return status;
    return add(correcting, (struct candidate){.begin = at, .end = at + 1, .least = at_most(least)},
               doubled ? COST_DOUBLED : COST_SURPLUS);
}

/* The changes of what sounds alike. */
static xunzi_status add_sounding(struct correcting *correcting, size_t at) {
    const struct suggest_run *run = correcting->run;
    struct sounds here = {0}, next = {0};
    bool words = at + 1 < run->count && run->count > 2 && suspected(correcting, at, at + 1);
    xunzi_status status = XUNZI_OK;
    if (!suggest_take_steps(correcting->collection, 2 * SOUNDS_STEPS))
        return XUNZI_OK;
    if (!sounds_of(run->characters[at], &here) ||
        (words && !sounds_of(run->characters[at + 1], &next)))
        status = error_no_memory();
    if (status == XUNZI_OK)
        status = add_sounds(correcting, at, &here);
    if (status == XUNZI_OK && words)
        status = add_words(correcting, at, &here, &next);
    free(here.items);
    free(next.items);
    return status;
}

/* The changes that need no look at all characters there are. Those of what is there already are so
 * few that they are tried in all of a short run. */
static xunzi_status add_near_changes(struct correcting *correcting) {
    const struct suggest_run *run = correcting->run;
    xunzi_status status = XUNZI_OK;
    for (size_t at = 0; at < run->count && status == XUNZI_OK; at++) {
        bool here = suspected(correcting, pair_before(at), at + 1);
        if (here)
            status = add_sounding(correcting, at);
        if (status == XUNZI_OK && (here || is_short(run)))
            status = add_omission(correcting, at);
        if (status == XUNZI_OK && at + 1 < run->count && (here || is_short(run)))
            status = add_exchange(correcting, at);
    }
    return status;
}

struct replacing {
    struct correcting *correcting;
    size_t begin, end;
    double cost;
};

static xunzi_status replace_by(void *context, uint32_t character) {
    struct replacing *replacing = context;
    if (is_function_character(character))
        return XUNZI_OK; /* stands nearly anywhere, and says nothing */
    return add_one(replacing->correcting, replacing->begin, replacing->end, character, 0,
                   replacing->cost);
}

/* Puts any character in the place of [begin, end). */
static xunzi_status add_any(struct correcting *correcting, size_t begin, size_t end, double cost) {
    const struct followers *followers;
    struct replacing replacing = {correcting, begin, end, cost};
    if (begin == 0)
        return suggest_predecessors(correcting->collection, correcting->run->characters[end],
                                    replace_by, &replacing);
    xunzi_status status = suggest_followers(correcting->collection,
                                            correcting->run->characters[begin - 1], &followers);
    if (status != XUNZI_OK)
        return status;
    for (size_t i = 0; i < followers->count && status == XUNZI_OK; i++)
        if (!is_function_character(followers->items[i].character))
            status = add_one(correcting, begin, end, followers->items[i].character,
                             followers->items[i].count, cost);
    return status;
}

/* The changes that may put in any character. */
static xunzi_status add_far_changes(struct correcting *correcting) {
    const struct suggest_run *run = correcting->run;
    xunzi_status status = XUNZI_OK;
    for (size_t at = 0; at < run->count && status == XUNZI_OK && run->count > 2; at++) {
        bool before = at == 0 || suspected(correcting, at - 1, at);
        bool behind = at + 1 == run->count || suspected(correcting, at, at + 1);
        if (before && behind)
            status = add_any(correcting, at, at + 1, COST_OTHER);
        if (status == XUNZI_OK && at > 0 && before)
            status = add_any(correcting, at, at, COST_MISSING);
    }
    return status;
}

/* ---- judging ---- */

static int by_falling_bound(const void *a, const void *b) {
    const struct candidate *left = a, *right = b;
    if (left->bound != right->bound)
        return left->bound < right->bound ? 1 : -1;
    if (left->begin != right->begin)
        return left->begin < right->begin ? -1 : 1;
    if (left->end != right->end)
        return left->end < right->end ? -1 : 1;
    return memcmp(left->with, right->with, sizeof left->with);
}

/* How many documents have a change's surroundings as they were typed. */
static xunzi_status count_typed(const struct correcting *correcting, const struct candidate *change,
                                uint64_t *documents) {
    size_t begin = window_begin(change), end = window_end(correcting, change);
    *documents = UINT64_MAX;
    for (size_t i = begin; i + 1 < end; i++)
        if (correcting->pairs[i] < *documents)
            *documents = correcting->pairs[i];
    if (*documents < SUGGEST_FEW)
        return XUNZI_OK;
    return suggest_phrase(correcting->collection, correcting->run->characters + begin, end - begin,
                          SUGGEST_FEW, documents);
}

static xunzi_status count_changed(const struct correcting *correcting,
                                  const struct candidate *change, uint64_t *documents) {
    struct suggest_run changed;
    apply(correcting->run, change, &changed);
    size_t begin = window_begin(change);
    size_t end = window_end(correcting, change) + changed.count - correcting->run->count;
    return suggest_phrase(correcting->collection, changed.characters + begin, end - begin,
                          SUGGEST_COUNTED_MOST, documents);
}

/* The least score that a change must have, typed being the documents that have what was typed. */
static double least_score(const struct correcting *correcting, const struct candidate *change,
                          uint64_t typed) {
    size_t characters = window_end(correcting, change) - window_begin(change);
    return correcting->least_score + (typed > 0 ? DOUBT_OF_FOUND : 0) +
           (characters < 3 ? DOUBT_OF_PAIR : 0);
}

static xunzi_status judge(struct correcting *correcting) {
    xunzi_status status = XUNZI_OK;
    if (correcting->count > 1)
        qsort(correcting->candidates, correcting->count, sizeof *correcting->candidates,
              by_falling_bound);
    for (size_t i = 0; i < correcting->count && i < COUNTED_MOST && status == XUNZI_OK; i++) {
        const struct candidate *candidate = &correcting->candidates[i];
        uint64_t typed, found = 0;
        if (correcting->has_best && candidate->bound <= correcting->best_score)
            break;
        status = count_typed(correcting, candidate, &typed);
        if (status != XUNZI_OK || typed >= SUGGEST_FEW)
            continue;
        status = count_changed(correcting, candidate, &found);
        double score = found > 0 ? log((double)found) + candidate->worth : 0;
        if (found > typed && score >= least_score(correcting, candidate, typed) &&
            (!correcting->has_best || score > correcting->best_score)) {
            correcting->best = *candidate;
            correcting->best_score = score;
            correcting->has_best = true;
        }
    }
    correcting->count = 0;
    return status;
}

static xunzi_status look_up_pairs(struct correcting *correcting) {
    xunzi_status status = XUNZI_OK;
    for (size_t i = 0; i + 1 < correcting->run->count && status == XUNZI_OK; i++)
        status = suggest_pair(correcting->collection, correcting->run->characters[i],
                              correcting->run->characters[i + 1], &correcting->pairs[i]);
    return status;
}

/* Whether anything may be wrong: in a short run where it is no phrase of the collection, in others
 * where a pair is rare. */
static xunzi_status is_doubtful(const struct correcting *correcting, bool *doubtful) {
    const struct suggest_run *run = correcting->run;
    uint64_t typed = 0;
    xunzi_status status = XUNZI_OK;
    if (is_short(run))
        status = suggest_phrase(correcting->collection, run->characters, run->count, SUGGEST_FEW,
                                &typed);
    *doubtful = is_short(run) ? typed < SUGGEST_FEW : suspected(correcting, 0, run->count);
    return status;
}

/* Corrects the run in the place where that is worth most. */
static xunzi_status correct_once(struct correcting *correcting, bool *changed) {
    struct suggest_run result;
    bool doubtful;
    *changed = correcting->has_best = false;
    xunzi_status status = look_up_pairs(correcting);
    if (status == XUNZI_OK)
        status = is_doubtful(correcting, &doubtful);
    if (status != XUNZI_OK || !doubtful)
        return status;
    status = add_near_changes(correcting);
    if (status == XUNZI_OK)
        status = judge(correcting);
    if (status == XUNZI_OK && is_short(correcting->run))
        status = add_far_changes(correcting);
    if (status == XUNZI_OK)
        status = judge(correcting);
    if (status == XUNZI_OK && correcting->has_best) {
        apply(correcting->run, &correcting->best, &result);
        *correcting->run = result;
        *changed = true;
    }
    return status;
}

xunzi_status suggest_han(struct suggest_collection *collection, struct suggest_run *run,
                         bool *changed) {
    struct correcting correcting = {.collection = collection, .run = run};
    bool again = false;
    correcting.least_score =
        LEAST_SCORE + LEAST_SCORE_GROWTH * log((double)collection->index->documents + 1);
    correcting.rare = suggest_rare(collection->index) / (is_short(run) ? 1 : LONG_RUN_RARER);
    if (correcting.rare < SUGGEST_FEW - 1)
        correcting.rare = SUGGEST_FEW - 1;
    size_t typed = run->count;
    *changed = false;
    xunzi_status status = run->count > 1 && run->count < SUGGEST_RUN_MOST
                              ? correct_once(&correcting, changed)
                              : XUNZI_OK;
    if (status == XUNZI_OK && *changed && typed > 4)
        status = correct_once(&correcting, &again);
    free(correcting.candidates);
    return status;
}
