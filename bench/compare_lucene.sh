#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Xunzi and Lucene side by side, in one run: the same documents, the same queries, one thread each.
# README.md here tells how to make the data and what the columns mean.
set -eu

usage() {
    cat <<'EOF'
Usage: compare_lucene.sh [OPTION]... DOCS.jsonl QUERY_DIR WORK_DIR

Indexes DOCS.jsonl with both engines, in turn, down to one segment each; then
answers every query file QUERY_DIR/q_*.txt in every mode and measure, Lucene and
Xunzi in turn. Prints a table and writes WORK_DIR/figures.json. WORK_DIR holds
both indexes; it is made if there is none.

  --build DIR       where xunzi-indexer and xunzi-bench are (build/release)
  --add OPTIONS     more options for xunzi-indexer add, separated by spaces
                    (--threads 1); '' gives none
  --profile NAME    the profile of Xunzi's collection (bigram)
  --modes LIST      of or, and, phrase ("or and phrase")
  --measures LIST   of N: top N; N+count: top N and the exact number of matches;
                    count: that number alone ("10 100 count")
  --repeat R        timed passes over each query file (5)
  --rounds N        measure everything N times, one round after the other, and
                    give each figure's median (1)
  --lucene OPTIONS  more options for Lucene's searches, for example
                    "--threshold 10": count no further than the hits wanted;
                    "--fetch id": read each hit's id
  --keep            use the indexes that WORK_DIR has from an earlier run

Exit status: 0 done; 2 a mistake or a failure.
EOF
}

fail() {
    echo "compare_lucene.sh: $1" >&2
    exit 2
}

here=$(cd "$(dirname "$0")" && pwd)
build=$here/../build/release
add="--threads 1"
profile=bigram
modes="or and phrase"
measures="10 100 count"
repeat=5
rounds=1
lucene_options=
keep=
while [ $# -gt 0 ]; do
    case $1 in
    --help)
        usage
        exit 0
        ;;
    --keep) keep=1 ;;
    --build | --add | --profile | --modes | --measures | --repeat | --rounds | --lucene)
        [ $# -gt 1 ] || fail "option '$1' needs a value"
        case $1 in
        --build) build=$2 ;;
        --add) add=$2 ;;
        --profile) profile=$2 ;;
        --modes) modes=$2 ;;
        --measures) measures=$2 ;;
        --repeat) repeat=$2 ;;
        --rounds) rounds=$2 ;;
        --lucene) lucene_options=$2 ;;
        esac
        shift
        ;;
    --*) fail "there is no option '$1'; see --help" ;;
    *) break ;;
    esac
    shift
done
[ $# -eq 3 ] || {
    usage >&2
    exit 2
}
documents=$1
queries=$2
work=$3

[ -r "$documents" ] || fail "$documents cannot be read"
set -- "$queries"/q_*.txt
[ -r "$1" ] || fail "there is no query file $queries/q_*.txt"
for program in xunzi-indexer xunzi-bench; do
    [ -x "$build/$program" ] || fail "there is no $build/$program; build it, or give --build DIR"
done
[ -x /usr/bin/time ] || fail "there is no /usr/bin/time; install the package time"
command -v python3 >/dev/null || fail "there is no python3; install the package python3"
mkdir -p "$work"
LUCENE_CLASSES=$work/classes
export LUCENE_CLASSES
lucene=$here/peers/lucene/lucene.sh
"$lucene" build
load=$(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null || echo 0)
if [ "${load%.*}" -gt 0 ]; then
    echo "compare_lucene.sh: the load is $load: something else runs here and will be measured, too" >&2
fi

# timed NAME COMMAND...: runs it; what /usr/bin/time says goes to $work/NAME.time.
timed() {
    name=$1
    shift
    /usr/bin/time -v -o "$work/$name.time" "$@"
}

if [ -z "$keep" ] || [ ! -d "$work/lucene" ] || [ ! -d "$work/xunzi" ]; then
    rm -rf "$work/lucene" "$work/xunzi"
    cat "$documents" >/dev/null # both find it in memory
    sync
    echo "indexing with Lucene ..." >&2
    timed lucene-index "$lucene" index "$documents" "$work/lucene" >"$work/lucene-index.json"
    sync
    echo "indexing with Xunzi ..." >&2
    # shellcheck disable=SC2086 # $add is a list
    timed xunzi-add "$build/xunzi-indexer" add --index "$work/xunzi" --profile "$profile" $add \
        --format jsonl "$documents" ||
        [ $? -eq 1 ] || fail "xunzi-indexer add failed" # 1: some documents were skipped, and named
    timed xunzi-optimize "$build/xunzi-indexer" optimize --index "$work/xunzi"
    sync
fi
"$build/xunzi-indexer" stats --index "$work/xunzi" --json >"$work/xunzi-stats.json"

: >"$work/searches.jsonl"
round=1
while [ "$round" -le "$rounds" ]; do
    for file in "$queries"/q_*.txt; do
        name=$(basename "$file" .txt)
        for mode in $modes; do
            for measure in $measures; do
                case $measure in
                count) top="--top 0 --count" ;;
                *+count) top="--top ${measure%+count} --count" ;;
                *) top="--top $measure" ;;
                esac
                echo "round $round: $name $mode $measure ..." >&2
                # shellcheck disable=SC2086 # $top and $lucene_options are lists
                by_lucene=$("$lucene" search --index "$work/lucene" --queries "$file" --mode "$mode" \
                    $top --repeat "$repeat" $lucene_options)
                # shellcheck disable=SC2086
                by_xunzi=$("$build/xunzi-bench" --index "$work/xunzi" --queries "$file" \
                    --mode "$mode" $top --repeat "$repeat" --json)
                printf '{"queries": "%s", "mode": "%s", "measure": "%s", "lucene": %s, "xunzi": %s}\n' \
                    "$name" "$mode" "$measure" "$by_lucene" "$by_xunzi" >>"$work/searches.jsonl"
            done
        done
    done
    round=$((round + 1))
done
python3 "$here/compare_report.py" "$work" "$load"
