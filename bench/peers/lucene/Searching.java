// SPDX-License-Identifier: GPL-2.0-or-later
// Measures a Lucene index as xunzi-bench measures a collection: passes through the whole list of
// queries, from a query's text to its hits; a query's time is the median of its passes, mean and
// percentiles (nearest rank) are over the queries. Other than there the warm-up is many passes, for
// the JVM to compile what it runs. The query cache is off: with it repeated passes would measure
// the cache.
import java.io.IOException;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

final class Searching {
    private static final Set<String> ONLY_ID = Collections.singleton(Indexing.ID);
    private static final Set<String> BOTH = new HashSet<>(Arrays.asList(Indexing.ID, Indexing.BODY));

    private final Options options;
    private final IndexSearcher searcher;
    private final QueryBuilder builder = new QueryBuilder(new CJKAnalyzer());

    private Searching(Options options, IndexSearcher searcher) {
        this.options = options;
        this.searcher = searcher;
        searcher.setQueryCache(null);
    }

    /** Runs all passes and prints the figures as one JSON object. */
    static void run(Options options) throws IOException {
        List<String> queries = QueryFile.read(options.queries);
        try (Directory directory = FSDirectory.open(Paths.get(options.index));
                DirectoryReader reader = DirectoryReader.open(directory)) {
            new Searching(options, new IndexSearcher(reader)).measure(queries);
        }
    }

    private Query parse(String text) {
        Query query;
        switch (options.mode) {
            case "or":
                query = builder.createBooleanQuery(Indexing.BODY, text, BooleanClause.Occur.SHOULD);
                break;
            case "and":
                query = builder.createBooleanQuery(Indexing.BODY, text, BooleanClause.Occur.MUST);
                break;
            default:
                query = builder.createPhraseQuery(Indexing.BODY, text);
        }
        return query == null ? new MatchNoDocsQuery() : query;
    }

    /** Answers a query; the number of its hits, or with count of its matches. */
    private long answer(String text) throws IOException {
        Query query = parse(text);
        if (options.top == 0) {
            return searcher.count(query);
        }
        int wanted = Math.min(options.top, Math.max(1, searcher.getIndexReader().maxDoc()));
        int threshold = options.count ? Integer.MAX_VALUE : Math.max(wanted, options.threshold);
        TopScoreDocCollector collector = TopScoreDocCollector.create(wanted, threshold);
        searcher.search(query, collector);
        TopDocs found = collector.topDocs();
        fetch(found);
        return options.count ? found.totalHits.value : found.scoreDocs.length;
    }

    private void fetch(TopDocs found) throws IOException {
        if (options.fetch.equals("none")) {
            return;
        }
        Set<String> members = options.fetch.equals("id") ? ONLY_ID : BOTH;
        for (ScoreDoc hit : found.scoreDocs) {
            searcher.doc(hit.doc, members);
        }
    }

    private void measure(List<String> queries) throws IOException {
        long hits = warmUp(queries);
        long[][] times = new long[queries.size()][options.repeat];
        long begin = System.nanoTime();
        for (int pass = 0; pass < options.repeat; pass++) {
            for (int q = 0; q < queries.size(); q++) {
                long started = System.nanoTime();
                answer(queries.get(q));
                times[q][pass] = System.nanoTime() - started;
            }
        }
        print(times, (System.nanoTime() - begin) / 1e9, hits);
    }

    /** Passes over all queries until both the number and the time that are wanted are reached; the hits of the last. */
    private long warmUp(List<String> queries) throws IOException {
        long until = System.nanoTime() + (long) (options.warmupSeconds * 1e9);
        long hits = 0;
        for (int pass = 0; pass < options.warmupPasses || System.nanoTime() < until; pass++) {
            hits = 0;
            for (String query : queries) {
                hits += answer(query);
            }
        }
        System.gc();
        return hits;
    }

    private void print(long[][] times, double seconds, long hits) {
        int count = times.length;
        double[] medians = Arrays.stream(times).mapToDouble(Searching::medianMicroseconds).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "{\"queries\": %d, \"mean_us\": %.2f, \"p50_us\": %.2f, \"p90_us\": %.2f, \"p99_us\": %.2f, "
                        + "\"qps\": %.1f, \"hits\": %d}%n",
                count,
                Arrays.stream(medians).average().orElse(0),
                percentile(medians, 50),
                percentile(medians, 90),
                percentile(medians, 99),
                (double) count * options.repeat / seconds,
                hits);
    }

    private static double medianMicroseconds(long[] nanoseconds) {
        Arrays.sort(nanoseconds);
        int count = nanoseconds.length;
        return (nanoseconds[(count - 1) / 2] + nanoseconds[count / 2]) / 2.0 / 1000;
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted[(sorted.length * percent + 99) / 100 - 1];
    }
}
