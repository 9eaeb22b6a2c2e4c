package io.tessellate.pipeline.report;

import io.tessellate.lineage.Verification;
import java.util.LinkedHashMap;
import java.util.Map;

/** What came of checking a version's weights against their certificates. */
public record CertificateReport(Verification verification) implements Report {
    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", verification.model().value());
        json.put("version", verification.version());
        json.put("ok", verification.ok());
        json.put("base", verification.baseOk());
        json.put(
                "tasks",
                verification.tasks().stream().map(CertificateReport::task).toList());
        return json;
    }

    private static Map<String, Object> task(Verification.VerifiedTask task) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", task.task().value());
        json.put("sha256", task.sha256().hex());
        json.put("ok", task.ok());
        return json;
    }

    @Override
    public String text() {
        TextTable table = new TextTable("task", "sha256 of its weights", "");
        for (Verification.VerifiedTask task : verification.tasks()) {
            table.row(task.task().value(), task.sha256().hex(), task.ok() ? "unchanged" : "CHANGED");
        }
        return table + verdict();
    }

    /** The verdict in one line. */
    public String verdict() {
        String base = verification.baseOk() ? "" : "; the base's weight file is not the registered one";
        return "%s version %d: %s%s%n"
                .formatted(
                        verification.model(),
                        verification.version(),
                        verification.ok()
                                ? "every task's weights are byte for byte as they were committed"
                                : "NOT as it was certified",
                        base);
    }
}
