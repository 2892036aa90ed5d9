#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the Lucene peer, where it is older than its source, and runs it. The arguments are
# LuceneBench.java's:
#
#     lucene.sh index DOCS.jsonl INDEX_DIR
#     lucene.sh search --index DIR --queries FILE --mode or|and|phrase --top N [--count] [--repeat R] ...
#     lucene.sh build
#
# Needs Debian's liblucene8-java and default-jdk-headless. Environment:
#     LUCENE_CLASSES   where the classes go (build/lucene under the repository)
#     LUCENE_JARS      where the jars are (/usr/share/java)
#     JAVA_OPTIONS     given to the JVM (-Xmx2g -XX:+UseSerialGC: collecting, too, is done by one thread)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
classes=${LUCENE_CLASSES:-$here/../../../build/lucene}
jars=${LUCENE_JARS:-/usr/share/java}
options=${JAVA_OPTIONS--Xmx2g -XX:+UseSerialGC}

for program in java javac; do
    command -v "$program" >/dev/null || {
        echo "lucene.sh: there is no $program; install default-jdk-headless" >&2
        exit 2
    }
done
path=$classes
for part in core analyzers-common; do
    jar=$(find "$jars" -maxdepth 1 -name "lucene-$part-8*.jar" 2>/dev/null | sort | tail -n 1)
    [ -n "$jar" ] || {
        echo "lucene.sh: there is no lucene-$part-8*.jar in $jars; install liblucene8-java" >&2
        exit 2
    }
    path=$path:$jar
done

if [ ! -f "$classes/LuceneBench.class" ] ||
    [ -n "$(find "$here" -name '*.java' -newer "$classes/LuceneBench.class")" ]; then
    mkdir -p "$classes"
    javac -Xlint:all -Werror -encoding UTF-8 -cp "$path" -d "$classes" "$here"/*.java
fi
[ "${1:-}" != build ] || exit 0
# $options is a list: it is meant to be split.
# shellcheck disable=SC2086
exec java $options -cp "$path" LuceneBench "$@"
