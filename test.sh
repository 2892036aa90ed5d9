#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs what is needed, builds with gcc and with clang, and runs every test: plain, and under AddressSanitizer and
# UndefinedBehaviorSanitizer. Arguments choose among the presets release, clang and sanitize; all of them unless told.
set -eu
cd "$(dirname "$0")"

./dependencies.sh test
[ $# -gt 0 ] || set -- release clang sanitize

for preset in "$@"; do
    echo "== $preset"
    cmake --preset "$preset" -DBUILD_TESTING=ON >/dev/null
    cmake --build --preset "$preset" -- --quiet
    ctest --preset "$preset" -j "$(nproc)"
done
for page in man/*.1; do
    mandoc -T lint -W warning "$page"
done
for part in jsonl damaged; do
    python3 "corpus/make_$part.py" --check
done
