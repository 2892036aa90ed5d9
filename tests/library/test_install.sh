#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The library as it is installed: example.c is compiled against a prefix, and nothing else, and its output compared.
# usage: test_install.sh BUILD SOURCE COMPILER [COMPILER-OPTION...]
set -eu

build=$1
source=$2
shift 2
folder=$(mktemp -d "${TMPDIR:-/tmp}/xunzi-test-XXXXXX")
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "$*" >&2
    exit 1
}

cmake --install "$build" --prefix "$folder/prefix" > "$folder/log" 2>&1 || fail "cmake --install: $(cat "$folder/log")"
for file in include/xunzi/xunzi.h bin/xunzi-indexer bin/xunzi-searcher share/man/man1/xunzi-indexer.1 \
    share/man/man1/xunzi-searcher.1; do
    test -f "$folder/prefix/$file" || fail "$file is not installed"
done
config=$(find "$folder/prefix" -name xunzi.pc)
test -n "$config" || fail "xunzi.pc is not installed"

# The paths that pkg-config gives are those of the prefix that the build was configured for: read them anew for this one.
PKG_CONFIG_PATH=$(dirname "$config")
export PKG_CONFIG_PATH
flags="--define-variable=prefix=$folder/prefix --cflags --libs --static xunzi"
# shellcheck disable=SC2086 # a list of words
flags=$(pkg-config $flags) || fail "pkg-config does not know xunzi"
case $flags in
*"$build"* | *"$source"*) fail "the flags lead into the build: $flags" ;;
esac

cd "$folder"
cp "$source/tests/library/example.c" .
# shellcheck disable=SC2086
"$@" -std=c17 -Wall -Wextra -Werror example.c -o example $flags || fail "example.c does not compile"
output=$(./example news.xunzi) || fail "example failed: $output"
expected="1. 縣醫院加入專科聯盟"
test "$output" = "$expected" || fail "the output is \"$output\", not \"$expected\""
test "$(prefix/bin/xunzi-searcher --index news.xunzi --count 专科联盟)" = 1 || fail "the installed program does not find it"

# What the README shows is that file.
awk '/^```c$/ {inside = 1; next} /^```$/ {inside = 0} inside' "$source/README.md" > readme.c
cmp readme.c example.c || fail "the example in README.md is not tests/library/example.c"

# The header alone, as C and as C++.
echo '#include <xunzi/xunzi.h>' > header.c
cp header.c header.cc
"$@" -std=c99 -pedantic -Wall -Wextra -Werror "-I$folder/prefix/include" -fsyntax-only header.c || fail "the header is not good C99"
c++ -std=c++11 -pedantic -Wall -Wextra -Werror "-I$folder/prefix/include" -fsyntax-only header.cc || fail "the header is not good C++11"
