// SPDX-License-Identifier: GPL-2.0-or-later
// The queries to measure, read as xunzi-bench reads them: a line each, which is a query, or a query
// id, a tab and a query.
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;

final class QueryFile {
    private QueryFile() {}

    static List<String> read(String path) throws IOException {
        String text = new String(Files.readAllBytes(Paths.get(path)), StandardCharsets.UTF_8);
        List<String> queries = new ArrayList<>();
        for (String line : (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r*\n")) {
            if (line.trim().isEmpty()) {
                continue;
            }
            int tab = line.indexOf('\t');
            queries.add(tab > 0 ? line.substring(tab + 1) : line);
        }
        if (queries.isEmpty()) {
            throw new Failure(path + " holds no query");
        }
        return queries;
    }
}
