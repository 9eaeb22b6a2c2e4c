package io.tessellate.ingest;

import io.tessellate.dataset.ExampleReader;
import io.tessellate.dataset.ManifestRules;
import io.tessellate.dataset.RecordDecoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskManifest;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes manifests in: what each means depends on where its dataset stands. */
final class ManifestDesk {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestDesk.class);

    private final RecordDecoder decoder;
    private final Datasets datasets;
    private final Closing closing;
    private final Outbox outbox;
    private final int textLimit;

    ManifestDesk(RecordDecoder decoder, Datasets datasets, Closing closing, Outbox outbox, int textLimit) {
        this.decoder = decoder;
        this.datasets = datasets;
        this.closing = closing;
        this.outbox = outbox;
        this.textLimit = textLimit;
    }

    /** Handles a manifest; false while the schema registry does not answer. */
    boolean handle(Dataset dataset, Arrival arrival) {
        TaskManifest manifest;
        try {
            manifest = decoder.decode(arrival.topic(), arrival.value(), TaskManifest.class);
        } catch (RetriableException e) {
            return false;
        } catch (TessellateException e) {
            refuse(dataset, arrival, e.code(), String.valueOf(e.getMessage()));
            return true;
        }
        read(dataset, arrival, manifest);
        return true;
    }

    private void read(Dataset dataset, Arrival arrival, TaskManifest manifest) {
        String named = manifest.getModel() + "/" + manifest.getTask();
        List<ManifestRules.Problem> problems = ManifestRules.problems(manifest);
        if (!named.equals(dataset.task().toString())) {
            refuse(dataset, arrival, ErrorCode.INVALID_MANIFEST, "the manifest is for " + named);
        } else if (!problems.isEmpty()) {
            refuse(dataset, arrival, problems.get(0).code(), ManifestRules.text(problems));
        } else {
            apply(dataset, new Rules(manifest, new ExampleReader(manifest, textLimit)));
        }
    }

    private void refuse(Dataset dataset, Arrival arrival, ErrorCode code, String reason) {
        outbox.putAside(dataset.task().toString(), arrival, code, reason);
        closing.sayRejected(dataset, new Verdict.Unsound(code, reason));
    }

    private void apply(Dataset dataset, Rules fresh) {
        Rules known = dataset.rules();
        if (known == null) {
            adopt(dataset, fresh);
            return;
        }
        switch (dataset.phase()) {
            case FILLING -> whileFilling(dataset, known, fresh);
            case REJECTED -> afterRejection(dataset, known, fresh);
            case CLOSED -> afterClose(dataset, known, fresh);
        }
    }

    private void whileFilling(Dataset dataset, Rules known, Rules fresh) {
        long judged = dataset.tally().read();
        if (judged > 0 && !known.judgesLike(fresh.manifest())) {
            String message =
                    "a manifest with other objective, labels, fields or evalShare came after %d records were judged;"
                                    .formatted(judged)
                            + " push them again";
            closing.reject(dataset, new Verdict.Unsound(ErrorCode.INVALID_MANIFEST, message));
            dataset.beginAttempt();
        }
        adopt(dataset, fresh);
    }

    /** A closing manifest may mend what the one before it had wrong; else it opens the next attempt. */
    private void afterRejection(Dataset dataset, Rules known, Rules fresh) {
        if (fresh.closes() && known.judgesLike(fresh.manifest()) && closing.mends(dataset, fresh)) {
            datasets.judgeBy(dataset, fresh.manifest());
            return;
        }
        dataset.beginAttempt();
        adopt(dataset, fresh);
    }

    private void afterClose(Dataset dataset, Rules known, Rules fresh) {
        if (!known.saysTheSameAs(fresh.manifest())) {
            closing.sayRejected(
                    dataset,
                    new Verdict.Unsound(
                            ErrorCode.TASK_CLOSED,
                            "the task was closed with another manifest; its result stands. Use another task name"));
        } else if (fresh.closes()) {
            closing.repeat(dataset, known);
        } else {
            LOG.info("{}: its manifest came again", dataset.task());
        }
    }

    private void adopt(Dataset dataset, Rules fresh) {
        datasets.judgeBy(dataset, fresh.manifest());
        closing.settle(dataset);
    }
}
