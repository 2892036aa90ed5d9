#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# From a bare Debian 12 to answers: installs the packages, builds, indexes corpus/ into index/, asks a few queries.
set -eu
cd "$(dirname "$0")"

./dependencies.sh
cmake --preset release -DBUILD_TESTING=OFF >/dev/null
cmake --build --preset release

rm -rf index
echo
build/release/xunzi-indexer add --index index corpus/news.jsonl

for query in '專科聯盟' '专科联盟' '校企合作 培训' '"遠程會診" 山区'; do
    echo
    echo "\$ xunzi-searcher --index index -n 3 '$query'"
    build/release/xunzi-searcher --index index -n 3 "$query"
done
echo
echo "Now ask your own:  build/release/xunzi-searcher --index index"
