#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Prints the table of what compare_lucene.sh has measured in WORK_DIR, and writes WORK_DIR/figures.json and, as tables in
Markdown, figures.md.

usage: compare_report.py WORK_DIR LOAD      (LOAD: the machine's load average when it began)
"""
import json
import os
import platform
import re
import statistics
import sys

FIGURES = ("mean_us", "p50_us", "p90_us", "p99_us")


def read_time(work, name):
    """What `/usr/bin/time -v` has said: seconds by the clock and of the processors, peak memory in 10^6 bytes."""
    with open(os.path.join(work, name + ".time"), encoding="utf-8") as file:
        said = dict(line.strip().rsplit(": ", 1) for line in file if ": " in line)
    seconds = 0.0
    for part in said["Elapsed (wall clock) time (h:mm:ss or m:ss)"].split(":"):
        seconds = seconds * 60 + float(part)
    return {
        "wall_s": seconds,
        "cpu_s": float(said["User time (seconds)"]) + float(said["System time (seconds)"]),
        "peak_mb": int(said["Maximum resident set size (kbytes)"]) * 1024 / 1e6,
    }


def read_json(work, name):
    with open(os.path.join(work, name), encoding="utf-8") as file:
        return json.load(file)


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return re.search(r"model name\s*: (.*)", file.read()).group(1)
    except (OSError, AttributeError):
        return platform.machine()


def indexing(work):
    lucene, stats = read_json(work, "lucene-index.json"), read_json(work, "xunzi-stats.json")
    lucene_run, add, optimize = (read_time(work, name) for name in ("lucene-index", "xunzi-add", "xunzi-optimize"))
    return {
        "lucene": {
            "engine": lucene["engine"],
            "documents": lucene["documents"],
            "index_s": lucene_run["wall_s"],
            "index_s_inside": lucene["index_s"],
            "cpu_s": lucene_run["cpu_s"],
            "bytes": lucene["bytes"],
            "peak_mb": lucene_run["peak_mb"],
        },
        "xunzi": {
            "engine": "xunzi",
            "profile": stats["profile"],
            "documents": stats["documents"],
            "segments": stats["segments"],
            "live_documents": stats["live_documents"],
            "index_s": add["wall_s"] + optimize["wall_s"],
            "add_s": add["wall_s"],
            "optimize_s": optimize["wall_s"],
            "cpu_s": add["cpu_s"] + optimize["cpu_s"],
            "bytes": stats["bytes"],
            "peak_mb": max(add["peak_mb"], optimize["peak_mb"]),
        },
    }


def medians(rounds):
    """What was measured several times, once: of each figure the median."""
    by_search = {}
    for line in rounds:
        by_search.setdefault((line["queries"], line["mode"], line["measure"]), []).append(line)
    searches = []
    for lines in by_search.values():
        search = dict(lines[0])
        for engine in ("lucene", "xunzi"):
            search[engine] = dict(search[engine])
            for key in FIGURES:
                search[engine][key] = statistics.median(line[engine][key] for line in lines)
        searches.append(search)
    return searches


def ratio(lucene, xunzi):
    return lucene / xunzi if xunzi else float("inf")


INDEX_ROWS = (
    ("documents", "documents", 1, 0),
    ("seconds", "index_s", 1, 2),
    ("processor seconds", "cpu_s", 1, 2),
    ("size, MB", "bytes", 1e-6, 1),
    ("peak memory, MB", "peak_mb", 1, 1),
)


def print_indexing(index):
    lucene, xunzi = index["lucene"], index["xunzi"]
    print(f"{'index':<20} {'Lucene':>12} {'Xunzi':>12} {'ratio':>8}")
    for label, key, scale, digits in INDEX_ROWS:
        a, b = lucene[key] * scale, xunzi[key] * scale
        print(f"{label:<20} {a:>12,.{digits}f} {b:>12,.{digits}f} {ratio(a, b):>8.2f}")
    print(f"\n{lucene['engine']}; Xunzi: profile {xunzi['profile']}, {xunzi['segments']} segments, "
          f"{xunzi['live_documents']} live documents\n")


def label_of(search):
    return f"{search['queries'].removeprefix('q_')} {search['mode']} {search['measure']}"


def print_searches(searches):
    print(f"{'microseconds':<24}{'Lucene':>10}{'Xunzi':>10}{'ratio':>8}{'Lucene':>12}{'Xunzi':>10}{'ratio':>8}"
          f"{'Lucene':>13}{'Xunzi':>12}")
    print(f"{'queries, mode, measure':<24}{'mean':>10}{'mean':>10}{'':>8}{'p99':>12}{'p99':>10}{'':>8}"
          f"{'hits':>13}{'hits':>12}")
    for search in searches:
        lucene, xunzi = search["lucene"], search["xunzi"]
        print(f"{label_of(search):<24}{lucene['mean_us']:>10.1f}{xunzi['mean_us']:>10.1f}{search['ratio']['mean_us']:>8.2f}"
              f"{lucene['p99_us']:>12.1f}{xunzi['p99_us']:>10.1f}{search['ratio']['p99_us']:>8.2f}"
              f"{lucene['hits']:>13,}{xunzi['hits']:>12,}")


def write_markdown(index, searches, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("| index | Lucene | Xunzi | ratio |\n|---|---:|---:|---:|\n")
        for label, key, scale, digits in INDEX_ROWS[1:]:
            a, b = (index[engine][key] * scale for engine in ("lucene", "xunzi"))
            file.write(f"| {label} | {a:,.{digits}f} | {b:,.{digits}f} | {ratio(a, b):.2f} |\n")
        file.write("\n| queries, mode, measure | Lucene | Xunzi | ratio | Lucene p99 | Xunzi p99 | ratio |\n"
                   "|---|---:|---:|---:|---:|---:|---:|\n")
        for search in searches:
            cells = [label_of(search)]
            for key in ("mean_us", "p99_us"):
                cells += [f"{search[engine][key]:.1f}" for engine in ("lucene", "xunzi")]
                cells.append(f"{search['ratio'][key]:.2f}")
            file.write(f"| {' | '.join(cells)} |\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    work = sys.argv[1]
    index = indexing(work)
    with open(os.path.join(work, "searches.jsonl"), encoding="utf-8") as file:
        searches = medians([json.loads(line) for line in file])
    for search in searches:
        search["ratio"] = {key: round(ratio(search["lucene"][key], search["xunzi"][key]), 3) for key in FIGURES}
    print_indexing(index)
    print_searches(searches)
    write_markdown(index, searches, os.path.join(work, "figures.md"))
    figures = {"processor": processor(), "load_before": float(sys.argv[2]), "index": index, "search": searches}
    with open(os.path.join(work, "figures.json"), "w", encoding="utf-8") as file:
        json.dump(figures, file, ensure_ascii=False, indent=1)
        file.write("\n")


main()
