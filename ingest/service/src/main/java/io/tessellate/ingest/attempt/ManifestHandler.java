package io.tessellate.ingest.attempt;

import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.manifest.ManifestValidation;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.Outbox;
import io.tessellate.ingest.arrival.Router;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.mask.grant.MaskRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes manifests in: what each means depends on where its dataset stands. */
final class ManifestHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ManifestHandler.class);

    /** What is said about a task repeats its manifest, and has to fit into its topic. */
    private static final int LARGEST_BYTES = 512 << 10;

    private final RecordDecoder decoder;
    private final Datasets datasets;
    private final Closing closing;
    private final Outbox outbox;
    private final Function<TaskManifest, AcceptedManifest> acceptance;
    private final DownstreamState downstream;
    private final Closing.TaskTopics topics;

    ManifestHandler(
            RecordDecoder decoder,
            Datasets datasets,
            Closing closing,
            Outbox outbox,
            Function<TaskManifest, AcceptedManifest> acceptance,
            DownstreamState downstream,
            Closing.TaskTopics topics) {
        this.decoder = decoder;
        this.datasets = datasets;
        this.closing = closing;
        this.outbox = outbox;
        this.acceptance = acceptance;
        this.downstream = downstream;
        this.topics = topics;
    }

    /** Handles a manifest; false while the schema registry does not answer. */
    boolean handle(DatasetProgress dataset, Arrival arrival) {
        if (arrival.size() > LARGEST_BYTES || arrival.fault() != null) {
            String reason = arrival.fault() != null
                    ? arrival.fault()
                    : "the manifest has %d bytes, allowed are %d".formatted(arrival.size(), LARGEST_BYTES);
            refuse(dataset, arrival, ErrorCode.RECORD_TOO_LARGE, reason);
            return true;
        }
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

    private void read(DatasetProgress dataset, Arrival arrival, TaskManifest manifest) {
        String named = manifest.getModel() + "/" + manifest.getTask();
        List<ManifestValidation.Problem> problems = ManifestValidation.problems(manifest);
        if (!named.equals(dataset.task().toString())) {
            refuse(dataset, arrival, ErrorCode.INVALID_MANIFEST, "the manifest is for " + named);
        } else if (!problems.isEmpty()) {
            refuse(dataset, arrival, problems.get(0).code(), ManifestValidation.text(problems));
        } else {
            Optional<TessellateException> never = neverGranted(manifest);
            if (never.isPresent()) {
                refuse(
                        dataset,
                        arrival,
                        never.get().code(),
                        String.valueOf(never.get().getMessage()));
            } else {
                apply(dataset, acceptance.apply(manifest));
            }
        }
    }

    /** Why the registry would never grant what the recipe asks of the model; an unknown model is the registry's to judge. */
    private Optional<TessellateException> neverGranted(TaskManifest manifest) {
        Optional<GrantRule> terms = downstream.terms(new ModelName(manifest.getModel()));
        try {
            MaskRequest request = MaskRequest.ofRecipe(ManifestCodec.recipe(manifest.getRecipe()));
            return terms.flatMap(known -> known.refusal(request));
        } catch (TessellateException e) {
            return Optional.of(e);
        }
    }

    /** Puts a manifest aside whose key names no task, and says so of the task it is about if that can be read. */
    void refuseUnaddressed(Arrival arrival) {
        String reason = "the manifest was written with a key that is not model/task";
        outbox.putAside(Router.UNADDRESSED, arrival, ErrorCode.INVALID_MANIFEST, reason);
        try {
            TaskManifest manifest = decoder.decode(arrival.topic(), arrival.value(), TaskManifest.class);
            TaskId task = TaskId.of(manifest.getModel(), manifest.getTask());
            closing.sayRejected(task, null, List.of(), new Verdict.Unsound(ErrorCode.INVALID_MANIFEST, reason));
        } catch (TessellateException e) {
            LOG.warn(
                    "a manifest at {} names no task, neither in its key nor inside: {}",
                    arrival.position(),
                    e.getMessage());
        }
    }

    private void refuse(DatasetProgress dataset, Arrival arrival, ErrorCode code, String reason) {
        outbox.putAside(dataset.task().toString(), arrival, code, reason);
        closing.sayRejected(dataset, new Verdict.Unsound(code, SourceRecordReader.shortened(reason)));
    }

    private void apply(DatasetProgress dataset, AcceptedManifest fresh) {
        AcceptedManifest known = dataset.accepted();
        if (known == null) {
            adopt(dataset, fresh);
            return;
        }
        switch (dataset.phase()) {
            case FILLING, CLOSING -> whileFilling(dataset, known, fresh);
            case REJECTED -> afterRejection(dataset, known, fresh);
            case CLOSED -> afterClose(dataset, known, fresh);
        }
    }

    private void whileFilling(DatasetProgress dataset, AcceptedManifest known, AcceptedManifest fresh) {
        long judged = dataset.tally().read();
        if (judged > 0 && !known.judgesLike(fresh)) {
            String message =
                    "a manifest with other objective, labels, fields or evalShare came after %d records were judged;"
                                    .formatted(judged)
                            + " push them again";
            closing.reject(dataset, new Verdict.Unsound(ErrorCode.INVALID_MANIFEST, message));
            begin(dataset);
        }
        adopt(dataset, fresh);
    }

    /** A closing manifest may mend what the one before it had wrong; else it opens the next attempt. */
    private void afterRejection(DatasetProgress dataset, AcceptedManifest known, AcceptedManifest fresh) {
        if (fresh.closes() && known.judgesLike(fresh) && closing.mends(dataset, fresh)) {
            datasets.judgeBy(dataset, fresh);
            return;
        }
        begin(dataset);
        adopt(dataset, fresh);
    }

    private void begin(DatasetProgress dataset) {
        dataset.beginAttempt();
        outbox.opened(dataset.task(), topics.of(dataset));
    }

    private void afterClose(DatasetProgress dataset, AcceptedManifest known, AcceptedManifest fresh) {
        if (!known.saysTheSameAs(fresh)) {
            closing.sayRejected(
                    dataset,
                    new Verdict.Unsound(
                            ErrorCode.TASK_CLOSED,
                            "the task was closed with another manifest and is being trained or has its version;"
                                    + " use another task name"));
        } else if (fresh.closes()) {
            closing.repeat(dataset, known);
        } else {
            LOG.info("{}: its manifest came again", dataset.task());
        }
    }

    private void adopt(DatasetProgress dataset, AcceptedManifest fresh) {
        datasets.judgeBy(dataset, fresh);
        closing.settle(dataset);
    }
}
