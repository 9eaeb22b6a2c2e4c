package io.tessellate.ingest.attempt;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.RecordCounts;
import io.tessellate.error.ErrorCode;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.arrival.Outbox;
import io.tessellate.ingest.arrival.RejectionReason;
import io.tessellate.ingest.source.TopicLook;
import io.tessellate.ingest.source.TopicSighting;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides when a dataset is complete, and says whether it is sound. */
final class Closing {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final IngestSettings settings;
    private final TaskTopics topics;
    private final TopicLook look;
    private final BeginAnew beginAnew;
    private final Outbox outbox;
    private final IngestMetrics metrics;

    /** Name of a task's topic. */
    interface TaskTopics {
        String of(DatasetProgress dataset);
    }

    /** What is done with a dataset whose topic is another one than that its records came from. */
    interface BeginAnew {
        void of(DatasetProgress dataset);
    }

    Closing(
            IngestSettings settings,
            TaskTopics topics,
            TopicLook look,
            BeginAnew beginAnew,
            Outbox outbox,
            IngestMetrics metrics) {
        this.settings = settings;
        this.topics = topics;
        this.look = look;
        this.beginAnew = beginAnew;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /** Marks the dataset as to be closed if all announced records were read, none of them twice. */
    void settle(DatasetProgress dataset) {
        AcceptedManifest accepted = dataset.accepted();
        if (dataset.phase() == AttemptPhase.FILLING && accepted != null && accepted.closes()) {
            Long expected = accepted.expected();
            boolean complete = expected != null && dataset.tally().read() >= expected;
            // A repeat is the mark of a dataset that is pushed again after it was interrupted: more of it is still to
            // come.
            if (complete && dataset.tally().duplicates() == 0) {
                dataset.become(AttemptPhase.CLOSING);
            }
        }
    }

    /** Closes the dataset once its topic has been looked at; whether it did. */
    boolean settleClosing(DatasetProgress dataset) {
        AcceptedManifest accepted = dataset.accepted();
        if (dataset.phase() != AttemptPhase.CLOSING || accepted == null) {
            return false;
        }
        Optional<TopicSighting> sighting = dataset.questions()
                .closing(0, () -> look.now(topics.of(dataset), dataset.tally().covered()));
        sighting.ifPresent(seen -> conclude(dataset, accepted, seen));
        return sighting.isPresent();
    }

    /**
     * Closes the dataset if it has been quiet for long enough, and nothing of it stands unread in any topic; whether it did. A
     * clock alone says nothing after a downtime.
     */
    boolean settleQuiet(DatasetProgress dataset, int partition, long now) {
        AcceptedManifest accepted = dataset.accepted();
        if (dataset.phase() != AttemptPhase.FILLING
                || accepted == null
                || !accepted.closes()
                || dataset.waiting() > 0) {
            return false;
        }
        Tally tally = dataset.tally();
        boolean mayBeAll = tally.read() > 0 && (accepted.expected() == null || tally.read() >= accepted.expected());
        long limit = (mayBeAll ? settings.idleTime() : settings.patience()).toMillis();
        if (dataset.quietFor(now) < limit) {
            return false;
        }
        Optional<TopicSighting> sighting = dataset.questions()
                .closing(dataset.lastSeen(), () -> look.onceRead(topics.of(dataset), partition, tally.covered()));
        sighting.ifPresent(seen -> conclude(dataset, accepted, seen));
        return sighting.isPresent();
    }

    /** Marks a refused attempt as to be closed after all if it is sound under a mended manifest; whether it is. */
    boolean mends(DatasetProgress dataset, AcceptedManifest mended) {
        if (Verdict.on(dataset.tally(), mended) instanceof Verdict.Sound) {
            dataset.judgeBy(mended);
            dataset.become(AttemptPhase.CLOSING);
            return true;
        }
        return false;
    }

    /** Says once more that the dataset is ready; whoever knows it already calls it a duplicate. */
    void repeat(DatasetProgress dataset, AcceptedManifest accepted) {
        outbox.ready(closed(dataset, accepted), accepted.asWritten());
    }

    private void conclude(DatasetProgress dataset, AcceptedManifest accepted, TopicSighting sighting) {
        if (sighting.replaces(dataset.topicId())) {
            beginAnew.of(dataset);
            return;
        }
        noteRisks(dataset, sighting);
        Optional<String> losses = dataset.tally().read() == 0
                ? Optional.empty()
                : sighting.losses(topics.of(dataset), dataset.tally().covered());
        if (losses.isPresent()) {
            reject(dataset, new Verdict.Unsound(ErrorCode.RECORDS_GONE, losses.get()));
        } else if (verdict(dataset, accepted, sighting) instanceof Verdict.Unsound unsound) {
            reject(dataset, unsound);
        } else {
            accept(dataset, accepted);
            noteRepeats(dataset, accepted);
        }
    }

    private Verdict verdict(DatasetProgress dataset, AcceptedManifest accepted, TopicSighting sighting) {
        Verdict verdict = Verdict.on(dataset.tally(), accepted);
        Optional<String> passedOver = dataset.recreated()
                ? sighting.passedOver(topics.of(dataset), dataset.tally().covered())
                : Optional.empty();
        return passedOver.isEmpty() ? verdict : verdict.without(passedOver.get(), accepted);
    }

    /** Says once for each attempt what could lose the records of its topic. */
    void noteRisks(DatasetProgress dataset, TopicSighting sighting) {
        if (!dataset.topicId().isEmpty()) {
            return;
        }
        dataset.comesFrom(sighting.id().isEmpty() ? TopicSighting.UNKNOWN : sighting.id());
        if (!sighting.risks().isEmpty()) {
            String message =
                    "topic %s can lose records of the dataset, which later tasks need again: %s. Set retention.ms=-1,"
                                    .formatted(topics.of(dataset), String.join("; ", sighting.risks()))
                            + " retention.bytes=-1 and cleanup.policy=delete";
            outbox.note(dataset.task(), ErrorCode.RECORDS_AT_RISK, message);
        }
    }

    private void noteRepeats(DatasetProgress dataset, AcceptedManifest accepted) {
        Long expected = accepted.expected();
        Tally tally = dataset.tally();
        if (expected != null && tally.read() - tally.duplicates() < expected) {
            outbox.note(
                    dataset.task(),
                    ErrorCode.COUNT_MISMATCH,
                    "%d records were announced; of the %d that were read %d repeat others"
                            .formatted(expected, tally.read(), tally.duplicates()));
        }
    }

    private void accept(DatasetProgress dataset, AcceptedManifest accepted) {
        dataset.become(AttemptPhase.CLOSED);
        dataset.questions().forget();
        repeat(dataset, accepted);
        dataset.noteReport(outbox.now());
        metrics.closed();
        LOG.info("{} closed: {}", dataset.task(), dataset.tally().counts());
    }

    /** Ends the attempt. */
    void reject(DatasetProgress dataset, Verdict.Unsound unsound) {
        dataset.become(AttemptPhase.REJECTED);
        dataset.questions().forget();
        sayRejected(dataset, unsound);
        dataset.noteReport(outbox.now());
    }

    /** Ends the attempt, if it has not come to its end already. */
    void rejectUnlessClosed(DatasetProgress dataset, Verdict.Unsound unsound) {
        if (dataset.phase() == AttemptPhase.FILLING || dataset.phase() == AttemptPhase.CLOSING) {
            reject(dataset, unsound);
        }
    }

    /** Refuses a manifest without ending anything. */
    void sayRejected(DatasetProgress dataset, Verdict.Unsound unsound) {
        sayRejected(dataset.task(), dataset.tally().counts(), dataset.tally().reasons(topics.of(dataset)), unsound);
    }

    /** The same for a task of which this place may know nothing. */
    void sayRejected(
            TaskId task, @Nullable RecordCounts counts, List<RejectionReason> reasons, Verdict.Unsound unsound) {
        outbox.rejected(task, counts, reasons, unsound.code(), unsound.message());
        metrics.rejected(unsound.code());
        LOG.info("{} rejected: {}: {}", task, unsound.code(), unsound.message());
    }

    /** The run that follows from a dataset as it is; only while a manifest is known. */
    RunId run(DatasetProgress dataset, AcceptedManifest accepted) {
        return RunId.of(
                dataset.task(), dataset.tally().digest(), accepted.manifest().recipeText(), dataset.failures());
    }

    private ClosedDataset closed(DatasetProgress dataset, AcceptedManifest accepted) {
        Tally tally = dataset.tally();
        return new ClosedDataset(
                dataset.task(),
                run(dataset, accepted),
                topics.of(dataset),
                tally.ranges(),
                accepted.manifest(),
                tally.counts(),
                tally.train(),
                tally.eval(),
                tally.digest(),
                settings.textLimit());
    }
}
