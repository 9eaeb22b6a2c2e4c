package io.tessellate.pipeline.report;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.verify.Verification;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
                "files",
                verification.files().stream().map(CertificateReport::file).toList());
        json.put(
                "tasks",
                verification.tasks().stream().map(CertificateReport::task).toList());
        return json;
    }

    private static Map<String, @Nullable Object> file(Verification.VerifiedFile file) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", file.name());
        json.put("ok", file.ok());
        json.put("path", file.path());
        json.put("problem", file.problem());
        return json;
    }

    private static Map<String, @Nullable Object> task(Verification.VerifiedTask task) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("task", task.task().value());
        json.put("version", task.version());
        json.put("sha256", sha256(task));
        json.put("ok", task.ok());
        json.put("path", task.path());
        json.put("problem", task.problem());
        return json;
    }

    private static @Nullable String sha256(Verification.VerifiedTask task) {
        Sha256 digest = task.sha256();
        return digest == null ? null : digest.hex();
    }

    @Override
    public Optional<TessellateException> failure() {
        return verification.ok()
                ? Optional.empty()
                : Optional.of(new TessellateException(
                        isDamaged() ? ErrorCode.BLOB_DAMAGED : ErrorCode.FROZEN_WEIGHT_CHANGED,
                        "version %d of %s is not as it was certified: %s"
                                .formatted(
                                        verification.version(),
                                        verification.model(),
                                        String.join("; ", verification.problems()))));
    }

    /** Whether all that is wrong is files that are not as they were stored. */
    private boolean isDamaged() {
        return verification.tasks().stream().allMatch(task -> task.ok() || task.path() != null);
    }

    @Override
    public String text() {
        TextTable table = new TextTable("task", "sha256 of its weights", "");
        for (Verification.VerifiedTask task : verification.tasks()) {
            String digest = sha256(task);
            table.row(task.task().value(), digest == null ? "-" : digest, standing(task));
        }
        StringBuilder text = new StringBuilder(table.toString());
        verification.problems().forEach(problem -> text.append(problem).append('\n'));
        return text + verdict();
    }

    private static String standing(Verification.VerifiedTask task) {
        if (task.ok()) {
            return "unchanged";
        }
        return task.path() == null ? "CHANGED" : "DAMAGED";
    }

    /** The verdict in one line. */
    public String verdict() {
        String base = verification.baseOk() ? "" : "; the base's files are not the registered ones";
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
