#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws what compare_lucene.sh has measured: one SVG picture of WORK_DIR/figures.json.

usage: compare_plot.py WORK_DIR PICTURE.svg

Needs Debian's python3-matplotlib.
"""
import json
import os
import sys

try:
    import matplotlib
except ImportError:
    sys.exit("compare_plot.py: there is no matplotlib for this python3; install the package python3-matplotlib")
matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402: the backend comes first

MODES = (("or", "any term"), ("and", "every term"), ("phrase", "the phrase"))
ENGINES = (("lucene", "Lucene", "#8d99ae"), ("xunzi", "Xunzi", "#c1121f"))
MEASURE = "10"


def draw_index(axes, index):
    """Bars: seconds, size and memory, each of Lucene's as 1."""
    rows = (("seconds", "index_s", 1, "s"), ("size", "bytes", 1e-6, "MB"), ("memory", "peak_mb", 1, "MB"))
    for place, (engine, _, color) in enumerate(ENGINES):
        for row, (_, key, scale, unit) in enumerate(rows):
            at = row + (place - 0.5) * 0.36
            share = index[engine][key] / index["lucene"][key]
            axes.barh(at, share, height=0.34, color=color)
            axes.text(share + 0.02, at, f"{index[engine][key] * scale:,.0f} {unit}", va="center", fontsize=8)
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set_xlim(0, 1.35)
    axes.set_xticks([])
    axes.invert_yaxis()
    axes.set_title(f"index of {index['xunzi']['documents']:,} documents", fontsize=9, loc="left")


def by_cost(searches):
    """The query files, by what Lucene took for them in the first mode that was measured."""
    first = [search for search in searches if search["mode"] == searches[0]["mode"] and search["measure"] == MEASURE]
    return [search["queries"] for search in sorted(first, key=lambda search: search["lucene"]["mean_us"])]


def draw_mode(axes, searches, mode, title):
    """A point for the mean of each query file, a line on to the 99th percentile."""
    rows = [search for search in searches if search["mode"] == mode and search["measure"] == MEASURE]
    rows.sort(key=lambda search: by_cost(searches).index(search["queries"]))
    for place, (engine, _, color) in enumerate(ENGINES):
        for row, search in enumerate(rows):
            at, figures = row + (place - 0.5) * 0.3, search[engine]
            axes.plot([figures["mean_us"], figures["p99_us"]], [at, at], color=color, linewidth=1.2, alpha=0.6)
            axes.plot([figures["mean_us"]], [at], "o", color=color, markersize=5)
            axes.plot([figures["p99_us"]], [at], "|", color=color, markersize=7)
    axes.set_yticks(range(len(rows)), [search["queries"].removeprefix("q_") for search in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xscale("log")
    axes.set_xlabel("microseconds a query", fontsize=8)
    axes.set_title(f"ten best by {title}", fontsize=9, loc="left")
    axes.grid(axis="x", color="#e5e5e5", linewidth=0.6)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(os.path.join(sys.argv[1], "figures.json"), encoding="utf-8") as file:
        figures = json.load(file)
    modes = [mode for mode in MODES
             if any((search["mode"], search["measure"]) == (mode[0], MEASURE) for search in figures["search"])]
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "xunzi", "font.size": 8,
                                "axes.spines.top": False, "axes.spines.right": False})
    picture, panels = pyplot.subplots(1, 1 + len(modes), figsize=(3 * (1 + len(modes)), 2.8))
    draw_index(panels[0] if modes else panels, figures["index"])
    for axes, (mode, title) in zip(panels[1:] if modes else (), modes):
        draw_mode(axes, figures["search"], mode, title)
    handles = [pyplot.Line2D([], [], color=color, marker="o", linewidth=1.2, label=f"{name}: mean, 99th percentile")
               for _, name, color in ENGINES]
    picture.legend(handles=handles, loc="upper center", ncol=2, frameon=False)
    picture.tight_layout(rect=(0, 0, 1, 0.92))
    picture.savefig(sys.argv[2], metadata={"Date": None})


main()
