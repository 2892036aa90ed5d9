// SPDX-License-Identifier: GPL-2.0-or-later
// Lucene as a peer of Xunzi: the same documents, the same queries, the same figures.
//
//     index DOCS.jsonl INDEX_DIR
//     search --index DIR --queries FILE --mode or|and|phrase --top N [--count] [--repeat R]
//            [--warmup-passes N] [--warmup-seconds N] [--threshold N] [--fetch none|id|all]
//
// Bigrams by CJKAnalyzer, positions and text in the index, BM25 with Lucene's own constants, one
// thread.
import java.io.IOException;

final class LuceneBench {
    private LuceneBench() {}

    public static void main(String[] arguments) {
        try {
            if (arguments.length == 3 && arguments[0].equals("index")) {
                Indexing.run(arguments[1], arguments[2]);
            } else if (arguments.length > 1 && arguments[0].equals("search")) {
                Searching.run(new Options(arguments, 1));
            } else {
                throw new Failure(
                        "usage: index DOCS.jsonl INDEX_DIR | "
                                + "search --index DIR --queries FILE --mode MODE --top N ...");
            }
        } catch (Failure failure) {
            fail(failure.getMessage());
        } catch (IOException failure) {
            fail(failure.toString());
        }
    }

    private static void fail(String sentence) {
        System.err.println("lucene: " + sentence);
        System.exit(2);
    }
}
