// SPDX-License-Identifier: GPL-2.0-or-later
// Makes a Lucene index of JSON Lines the way that suits Lucene best on one thread: one reused
// document, a 512 MB buffer, no compound files, no look-up of ids that are there already, and in
// the end one segment.
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

final class Indexing {
    static final String ID = "id";
    static final String BODY = "body";
    private static final double BUFFER_MB = 512;

    private Indexing() {}

    /** Indexes the documents into a new folder and prints the figures as one JSON object. */
    static void run(String documents, String index) throws IOException {
        Path folder = Paths.get(index);
        if (Files.exists(folder)) {
            throw new Failure(index + " is there already; remove it or name another folder");
        }
        IndexWriterConfig config = new IndexWriterConfig(new CJKAnalyzer());
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        config.setRAMBufferSizeMB(BUFFER_MB);
        config.setUseCompoundFile(false);
        config.setMergeScheduler(new SerialMergeScheduler());
        long begin = System.nanoTime();
        long count;
        try (Directory directory = FSDirectory.open(folder);
                IndexWriter writer = new IndexWriter(directory, config)) {
            count = addAll(documents, writer);
            writer.forceMerge(1);
            writer.commit();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"engine\": \"lucene %s\", \"documents\": %d, \"index_s\": %.2f, \"bytes\": %d, \"peak_mb\": %.1f}%n",
                org.apache.lucene.util.Version.LATEST,
                count,
                seconds,
                bytes(folder),
                peakMegabytes());
    }

    private static long addAll(String documents, IndexWriter writer) throws IOException {
        Document document = new Document();
        Field id = new StringField(ID, "", Field.Store.YES);
        Field body = new TextField(BODY, "", Field.Store.YES);
        document.add(id);
        document.add(body);
        JsonLine parsed = new JsonLine();
        long line = 0;
        try (BufferedReader reader =
                Files.newBufferedReader(Paths.get(documents), StandardCharsets.UTF_8)) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line++;
                try {
                    parsed.read(text);
                } catch (IllegalArgumentException mistake) {
                    throw new Failure(documents + ", line " + line + ": " + mistake.getMessage());
                }
                if (parsed.id == null || parsed.body == null) {
                    throw new Failure(documents + ", line " + line + ": \"id\" or \"body\" is missing");
                }
                id.setStringValue(parsed.id);
                body.setStringValue(parsed.body);
                writer.addDocument(document);
            }
        }
        return line;
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** The most memory that the process ever had resident, in 10^6 bytes, as Linux tells it; 0 where it does not. */
    private static double peakMegabytes() throws IOException {
        Path status = Paths.get("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
            }
        }
        return 0;
    }
}
