package io.tessellate.pipeline.unused;

import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.report.TextTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What nobody needs on the disk.
 *
 * @param unused what was found
 * @param removed how many of them are gone now; 0 where nothing was to be removed
 * @param deleted whether they were to be removed
 */
public record UnusedReport(List<UnusedFile> unused, int removed, boolean deleted) implements Report {
    public UnusedReport {
        unused = List.copyOf(unused);
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("found", unused.size());
        json.put("bytes", bytes(unused));
        json.put("removed", removed);
        json.put("files", unused.stream().map(UnusedFile::json).toList());
        return json;
    }

    @Override
    public String text() {
        TextTable table = new TextTable("what", "count", "bytes");
        Arrays.stream(UnusedFile.Kind.values()).forEach(kind -> {
            List<UnusedFile> ofKind =
                    unused.stream().filter(file -> file.kind() == kind).toList();
            table.row(kind.text(), count(ofKind.size()), count(bytes(ofKind)));
        });
        String what = deleted
                ? "%d of %d removed%s"
                        .formatted(
                                removed,
                                unused.size(),
                                removed < unused.size() ? "; the others were written again meanwhile" : "")
                : unused.isEmpty() ? "nothing to remove" : "nothing was removed; --delete removes them";
        return table + what + "\n";
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static long bytes(List<UnusedFile> files) {
        return files.stream().mapToLong(UnusedFile::bytes).sum();
    }
}
