#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How well a collection's ranking answers questions whose answers are known.

    relevance.py [options] --index DIR                      an index that is there already
    relevance.py [options] --documents FILE ... --index DIR made first, of these inputs
    relevance.py [options] --titles --documents FILE ...    titles, asked of the documents without them
    relevance.py [options]                                  corpus/, with its own queries

Queries are lines "qid<TAB>query", judgements TREC's "qid 0 docid relevance". Prints MRR@10 (1 over the rank of
the first relevant document of ten), nDCG@10 (the gain is the relevance, the discount
log2(rank + 1)) and recall@100, of
all queries and of each set; a set is what stands before the first '-' or digit of a query's id. With
--ablations also what each part of the ranking gives: the same figures without it; with --other-script, the same of
the queries in the other script; with --plain, that of plain bigrams (plain_bigrams.py), over documents that are
JSON Lines.

--titles takes its queries from JSON Lines documents: each title that only one document has is to find this
document, in an index in which no document has its title.
"""
import argparse
import collections
import gzip
import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from plain_bigrams import PlainBigrams  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPTH = 100


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", help="folder of the programs")
    parser.add_argument("--index", help="the index; a temporary one where it is not given")
    parser.add_argument("--documents", nargs="+", help="what the index is made of")
    parser.add_argument("--profile", default="full", choices=("full", "bigram"))
    parser.add_argument("--queries", default=ROOT / "corpus" / "queries.tsv")
    parser.add_argument("--qrels", default=ROOT / "corpus" / "qrels.txt")
    parser.add_argument("--mode", default="or", choices=("query", "or", "and", "phrase"))
    parser.add_argument("--without", action="append", default=[], metavar="PART", help="leave a part of the ranking out")
    parser.add_argument("--ablations", action="store_true", help="also a row for each part that is left out")
    parser.add_argument("--other-script", action="store_true",
                        help="also a row of the queries in Simplified where they are Traditional, and the reverse (uconv)")
    parser.add_argument("--titles", action="store_true", help="the documents' titles are the queries")
    parser.add_argument("--plain", action="store_true", help="also a row of plain bigrams, k1 1.2, b .75")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def read_lines(path, separator, count):
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            fields = line.rstrip("\n").split(separator, count - 1) if separator else line.split()
            if len(fields) != count:
                sys.exit(f"relevance.py: {path}, line {number}: {count} fields are wanted")
            yield fields


def read_judgements(path):
    judgements = collections.defaultdict(dict)
    for query, _, document, relevance in read_lines(path, None, 4):
        judgements[query][document] = int(relevance)
    return judgements


def read_documents(paths):
    for path in paths:
        with (gzip.open if str(path).endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
            yield from (json.loads(line) for line in file if line.strip())


def part_titles(paths, folder):
    """Writes documents without titles, and titles as queries, with their judgements; returns the three paths."""
    documents, queries, judgements = (f"{folder}/{name}" for name in ("untitled.jsonl", "titles.tsv", "titles.qrels"))
    owners = collections.defaultdict(list)
    with open(documents, "w", encoding="utf-8") as file:
        for document in read_documents(paths):
            owners[" ".join(document.pop("title", "").split())].append(document["id"])
            file.write(json.dumps(document, ensure_ascii=False) + "\n")
    with open(queries, "w", encoding="utf-8") as query_file, open(judgements, "w", encoding="utf-8") as judgement_file:
        for title, ids in owners.items():
            if title and len(ids) == 1:
                query_file.write(f"{ids[0]}\t{title}\n")
                judgement_file.write(f"{ids[0]} 0 {ids[0]} 1\n")
    return documents, queries, judgements


def transliterate(text, transform):
    return subprocess.run(["uconv", "-f", "utf-8", "-t", "utf-8", "-x", transform], input=text, stdout=subprocess.PIPE,
                          encoding="utf-8", check=True).stdout


def turn_script(queries, folder):
    """Writes the queries in the other script, by ICU: Simplified, or where they are that already Traditional."""
    fields = list(read_lines(queries, "\t", 2))
    texts = "\n".join(text for _, text in fields)
    simplified, traditional = (transliterate(texts, transform).split("\n")
                               for transform in ("Traditional-Simplified", "Simplified-Traditional"))
    path = f"{folder}/other-script.tsv"
    with open(path, "w", encoding="utf-8") as file:
        for (query, text), simple, full in zip(fields, simplified, traditional):
            file.write(f"{query}\t{full if simple == text else simple}\n")
    return path


def rank_plainly(documents, queries):
    plain = PlainBigrams((document["id"], document.get("title", "") + "\n" + document["body"])
                         for document in read_documents(documents))
    return {query: plain.rank(text, DEPTH) for query, text in read_lines(queries, "\t", 2)}


def run(build, index, queries, mode, without):
    command = [build / "xunzi-searcher", "--index", index, "--batch", queries, "--format", "trec", "--mode", mode,
               "--limit", str(DEPTH)]
    for part in without:
        command += ["--without", part]
    result = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", errors="replace", check=False)
    if result.returncode > 1:
        sys.exit(f"relevance.py: xunzi-searcher failed with status {result.returncode}")
    ranked = collections.defaultdict(list)
    for line in result.stdout.splitlines():
        query, _, document, _, _, _ = line.split()
        ranked[query].append(document)
    return ranked


def figures_of(relevant, ranked):
    first = next((place for place, document in enumerate(ranked[:10], 1) if relevant.get(document, 0) > 0), None)
    reached = sum(relevant.get(document, 0) / math.log2(place + 1) for place, document in enumerate(ranked[:10], 1))
    ideal = sum(relevance / math.log2(place + 1)
                for place, relevance in enumerate(sorted(relevant.values(), reverse=True)[:10], 1))
    wanted = sum(1 for relevance in relevant.values() if relevance > 0)
    found = sum(1 for document in ranked[:DEPTH] if relevant.get(document, 0) > 0)
    return (1 / first if first else 0, reached / ideal if ideal else 0, found / wanted if wanted else 0)


def measure(judgements, ranked):
    rows = collections.defaultdict(list)
    for query, relevant in judgements.items():
        figures = figures_of(relevant, ranked.get(query, []))
        rows["all"].append(figures)
        rows[re.split(r"[-0-9]", query, maxsplit=1)[0] or "all"].append(figures)
    if len(rows) == 2:
        rows = {"all": rows["all"]}
    return {name: {"queries": len(figures), "mrr10": sum(f[0] for f in figures) / len(figures),
                   "ndcg10": sum(f[1] for f in figures) / len(figures),
                   "recall100": sum(f[2] for f in figures) / len(figures)} for name, figures in rows.items()}


def print_table(results):
    print(f"{'ranking':24} {'set':8} {'queries':>7} {'MRR@10':>7} {'nDCG@10':>8} {'R@100':>7}")
    for name, sets in results.items():
        for group, row in sets.items():
            print(f"{name:24} {group:8} {row['queries']:7} {row['mrr10']:7.4f} {row['ndcg10']:8.4f} {row['recall100']:7.4f}")


def parts_of(build):
    text = subprocess.run([build / "xunzi-searcher", "--without", "list"], stdout=subprocess.PIPE, encoding="utf-8",
                          check=False).stdout
    return text.split()


def rows_of(options, index, documents, queries, folder):
    """The rankings that are asked for, by name."""
    rankings = {"as it is" if not options.without else "without " + ", ".join(options.without): options.without}
    for part in parts_of(options.build) if options.ablations else []:
        rankings["without " + part] = options.without + [part]
    for name, without in rankings.items():
        yield name, run(options.build, index, queries, options.mode, without)
    if options.other_script:
        yield "other script", run(options.build, index, turn_script(queries, folder), options.mode, options.without)
    if options.plain:
        yield "plain bigrams", rank_plainly(documents, queries)


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        index, queries, qrels = options.index or f"{folder}/index", options.queries, options.qrels
        documents = options.documents or ([] if options.index else [str(ROOT / "corpus" / "news.jsonl")])
        if (options.titles or options.plain) and not documents:
            sys.exit("relevance.py: --titles and --plain need --documents")
        if options.titles:
            untitled, queries, qrels = part_titles(documents, folder)
            documents = [untitled]
        if documents:
            command = [options.build / "xunzi-indexer", "add", "--index", index, "--profile", options.profile, *documents]
            if subprocess.run(command, check=False).returncode > 1:
                sys.exit(2)
        judgements = read_judgements(qrels)
        results = {name: measure(judgements, ranked)
                   for name, ranked in rows_of(options, index, documents, queries, folder)}
    if options.json:
        print(json.dumps(results, ensure_ascii=False))
    else:
        print_table(results)


main()
