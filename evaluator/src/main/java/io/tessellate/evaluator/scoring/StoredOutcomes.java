package io.tessellate.evaluator.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.Outcomes;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.StorageFailure;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.verdict.OutcomeSource;
import io.tessellate.id.Sha256;
import io.tessellate.runtime.blob.BlobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The predictions of scored cells, read from their files; those read last are kept, since the best of a task is asked for again. */
public final class StoredOutcomes implements OutcomeSource {
    private static final int KEPT = 128;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Key(Sha256 hits, String metric) {}

    private final BlobStore blobs;
    private final Map<Key, Outcomes> kept = new LinkedHashMap<>(16, 0.75f, true);

    /** Predictions whose files lie in a blob store. */
    public StoredOutcomes(BlobStore blobs) {
        this.blobs = blobs;
    }

    @Override
    public synchronized Outcomes of(Sha256 hits, String metric) {
        Key key = new Key(hits, metric);
        Outcomes known = kept.get(key);
        if (known == null) {
            known = read(blobs.fetch(hits), MetricName.named(metric));
            kept.put(key, known);
            kept.keySet().stream()
                    .limit(Math.max(0, kept.size() - KEPT))
                    .toList()
                    .forEach(kept::remove);
        }
        return known;
    }

    private static Outcomes read(Path file, MetricName metric) {
        try {
            List<String> lines = Files.readAllLines(file);
            double[] predictions = new double[lines.size()];
            double[] targets = new double[lines.size()];
            for (int i = 0; i < lines.size(); i++) {
                JsonNode line = JSON.readTree(lines.get(i));
                if (!line.path("target").isNumber() || !line.path("prediction").isNumber()) {
                    throw new TessellateException(
                            ErrorCode.NOT_MEASURABLE,
                            "its predictions were written without what was right, by an earlier version");
                }
                predictions[i] = line.get("prediction").doubleValue();
                targets[i] = line.get("target").doubleValue();
            }
            if (lines.isEmpty()) {
                throw new TessellateException(ErrorCode.NOT_MEASURABLE, "its predictions are of no example");
            }
            return new Outcomes(metric, predictions, targets);
        } catch (IOException e) {
            throw StorageFailure.of("cannot read predictions " + file, e);
        }
    }
}
