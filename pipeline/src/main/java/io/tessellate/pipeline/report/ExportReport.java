package io.tessellate.pipeline.report;

import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A version that was written as a directory.
 *
 * @param model whose version
 * @param version its number
 * @param task whose head; null for no task in particular
 * @param union whether all adapters are applied
 * @param directory where it lies
 * @param digest of the weight file
 * @param base what an adapter names as its base; null for a model
 */
public record ExportReport(
        ModelName model,
        int version,
        @Nullable TaskName task,
        boolean union,
        Path directory,
        Sha256 digest,
        @Nullable String base)
        implements Report {
    @Override
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("model", model.value());
        json.put("version", version);
        json.put("view", union ? "union" : "task");
        json.put("task", task == null ? null : task.value());
        json.put("directory", directory.toString());
        json.put("sha256", digest.hex());
        if (base != null) {
            json.put("base", base);
        }
        return json;
    }

    @Override
    public String text() {
        String ofTask = task == null ? "" : " of task " + task.value();
        String view = union ? "union view" + ofTask : "view" + ofTask;
        String onBase = base == null ? "" : ", to be loaded on " + base;
        return "version %d of %s, %s: %s%s%n".formatted(version, model.value(), view, directory, onBase);
    }
}
