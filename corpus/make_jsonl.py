#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Generates news.jsonl from the articles, one JSON object a line, in the order of their numbers.

    make_jsonl.py            writes news.jsonl next to this script
    make_jsonl.py --check    exit status 1 if news.jsonl is not what the articles give

An article that does not keep the format of README.md is an error: nothing is written.
"""

import argparse
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ARTICLES = HERE / "articles"
OUTPUT = HERE / "news.jsonl"
FILE_NAME = re.compile(r"(\d{3})-([a-z0-9]+(?:-[a-z0-9]+)*)\.txt")
DATE_LINE = re.compile(r"日期：(\d{4}-\d{2}-\d{2})\u3000(?:來源|来源)：(\S+)")


class ArticleError(Exception):
    """An article file that does not keep the format; the text names the file and the fault."""


def read_article(path):
    """The article in `path` as the members of its JSON object."""
    name = FILE_NAME.fullmatch(path.name)
    if name is None:
        raise ArticleError(f"{path.name}: the name is not NNN-slug.txt")
    text = path.read_bytes().decode("utf-8")
    if not text.endswith("\n") or "\r" in text:
        raise ArticleError(f"{path.name}: lines end in LF, the last one too")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or any(line.strip() != line or line == "" for line in lines):
        raise ArticleError(f"{path.name}: a title, a date line, paragraphs, none empty or padded")
    date_line = DATE_LINE.fullmatch(lines[1])
    if date_line is None:
        raise ArticleError(f"{path.name}: line 2 is not 日期：YYYY-MM-DD　來源：NAME")
    return {
        "id": f"coop-{name[1]}",
        "title": lines[0],
        "body": "\n".join(lines[2:]),
        "date": date_line[1],
        "source": date_line[2],
        "url": f"https://news.example/{name[2]}",
    }


def build():
    """The whole of news.jsonl as bytes."""
    records = [read_article(path) for path in sorted(ARTICLES.glob("*.txt"))]
    for key in ("id", "url"):
        if len({record[key] for record in records}) != len(records):
            raise ArticleError(f"two articles share one {key}")
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    return "".join(lines).encode("utf-8")


def main():
    parser = argparse.ArgumentParser(description="Generate news.jsonl from articles/.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    arguments = parser.parse_args()
    try:
        expected = build()
    except (ArticleError, UnicodeDecodeError) as error:
        print(f"make_jsonl.py: {error}", file=sys.stderr)
        return 2
    if arguments.check:
        if not OUTPUT.exists() or OUTPUT.read_bytes() != expected:
            print("make_jsonl.py: news.jsonl is out of date: run make_jsonl.py", file=sys.stderr)
            return 1
        return 0
    OUTPUT.write_bytes(expected)
    return 0


if __name__ == "__main__":
    sys.exit(main())
