package io.tessellate.pipeline.report;

import io.tessellate.id.Sha256;
import io.tessellate.mask.merge.Interference;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Adapters that were merged into one model.
 *
 * @param method how
 * @param tasks in the order they were named
 * @param interference where they meet, before anything is trimmed
 * @param changed weights of the base that the merge changes
 * @param directory where the merged model lies
 * @param digest of its weight file
 */
public record MergeReport(
        String method, List<Part> tasks, Interference interference, long changed, Path directory, Sha256 digest)
        implements Report {
    /** Copies the list. */
    public MergeReport {
        tasks = List.copyOf(tasks);
    }

    /**
     * One adapter.
     *
     * @param name what it was named as
     * @param owned weights it sets
     * @param head its head's file in the directory; empty if it has none
     */
    public record Part(String name, long owned, String head) {}

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("method", method);
        json.put("tasks", tasks.stream().map(MergeReport::json).toList());
        json.put("pairs", interference.pairs().stream().map(this::json).toList());
        json.put("shared", interference.shared());
        json.put("opposed", interference.opposed());
        json.put("changed", changed);
        json.put("directory", directory.toString());
        json.put("sha256", digest.hex());
        return json;
    }

    private static Map<String, Object> json(Part part) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", part.name);
        json.put("owned", part.owned);
        json.put("head", part.head);
        return json;
    }

    private Map<String, Object> json(Interference.Pair pair) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("first", tasks.get(pair.first()).name);
        json.put("second", tasks.get(pair.second()).name);
        json.put("shared", pair.shared());
        json.put("opposed", pair.opposed());
        return json;
    }

    @Override
    public String text() {
        TextTable owned = new TextTable("task", "weights", "head");
        tasks.forEach(part -> owned.row(part.name, number(part.owned), part.head));
        TextTable pairs = new TextTable("two tasks", "both set", "opposite signs");
        interference
                .pairs()
                .forEach(pair -> pairs.row(
                        tasks.get(pair.first()).name + " and " + tasks.get(pair.second()).name,
                        number(pair.shared()),
                        number(pair.opposed())));
        return "%s\n%s\n%s weights set by several tasks, %s of them with opposite signs\nmerged by %s, %s weights changed: %s\n"
                .formatted(
                        owned,
                        pairs,
                        number(interference.shared()),
                        number(interference.opposed()),
                        method,
                        number(changed),
                        directory);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
