package io.tessellate.pipeline.report;

import io.tessellate.evaluator.alert.AlertBook;
import io.tessellate.evaluator.alert.ListedAlert;
import io.tessellate.evaluator.live.LiveJson;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.blob.BlobStore;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is asked for again and again, answered from folds of the topics: by the REST interface, or by a command itself. */
public final class Answers {
    private final PipelineLogs logs;
    private final BlobStore blobs;

    private final Supplier<Map<String, String>> strays;

    /**
     * Answers from folds that somebody else feeds.
     *
     * @param strays topics that look meant for a task and are read by nobody, with the reason
     */
    public Answers(PipelineLogs logs, BlobStore blobs, Supplier<Map<String, String>> strays) {
        this.logs = logs;
        this.blobs = blobs;
        this.strays = strays;
    }

    /** Tasks, and also the topics that look meant for one and are read by nobody. */
    public TasksReport tasks(@Nullable ModelName model, boolean all) {
        TasksReport report = tasks(model);
        return all ? new TasksReport(report.tasks(), strays.get()) : report;
    }

    private TasksReport tasks(@Nullable ModelName model) {
        if (model == null) {
            return new TasksReport(logs.tasks().tasks());
        }
        var tasks = logs.tasks().tasks(model);
        // A task may have come before its model.
        if (tasks.isEmpty()) {
            logs.lineage().require(model);
        }
        return new TasksReport(tasks);
    }

    /** All models. */
    public ModelsReport models() {
        return new ModelsReport(logs.lineage().models());
    }

    /** Alerts, newest first, of all models or of one and of none; all, or only those that wait for somebody. */
    public Report alerts(@Nullable ModelName model, boolean open) {
        Instant now = Instant.now();
        AlertBook book = logs.alerts().book();
        return new AlertsReport(
                book.alerts(now).stream()
                        .filter(listed -> model == null
                                || listed.alert().model() == null
                                || model.equals(listed.alert().model()))
                        .filter(listed -> !open || listed.state().equals(ListedAlert.OPEN))
                        .toList(),
                book.silences(now));
    }

    /** How tasks do on what they are asked, of all models or of one. */
    public Report live(@Nullable ModelName model) {
        if (model != null) {
            logs.lineage().require(model);
        }
        return new LiveReport(logs.live().standings().stream()
                .filter(standing -> model == null || standing.task().model().equals(model))
                .map(standing -> LiveJson.of(
                        standing, logs.matrices().rows(standing.task().model())))
                .toList());
    }

    /** Who owns how many of a model's weights. */
    public MasksReport masks(ModelName model) {
        return new MasksReport(logs.lineage().require(model));
    }

    /** A model's accuracy matrix. */
    public MatrixReport matrix(ModelName model, View view) {
        logs.lineage().require(model);
        return new MatrixReport(logs.matrices().matrix(model, view));
    }

    /** A version's weights, computed anew from its files and held against the certificates; the newest without a number. */
    public CertificateReport verification(ModelName model, @Nullable Integer version) {
        ModelLine line = logs.lineage().require(model);
        return new CertificateReport(Verifications.verify(line, version == null ? line.parent() : version, blobs));
    }

    /** Where a version comes from; the parent of the next one without a number. */
    public Report lineage(ModelName model, @Nullable Integer version) {
        ModelLine line = logs.lineage().require(model);
        return new LineageReport(
                line,
                line.version(version == null ? line.parent() : version),
                commit -> logs.shared().datasets().datasets().find(commit.task(), commit.datasetDigest()),
                commit -> logs.trained().of(commit.adapter().sha256()));
    }
}
