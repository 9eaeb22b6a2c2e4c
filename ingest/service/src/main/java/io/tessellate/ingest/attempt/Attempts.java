package io.tessellate.ingest.attempt;

import io.tessellate.error.ErrorCode;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.Outbox;
import io.tessellate.ingest.source.TopicLook;
import java.util.Map;

/**
 * When an attempt at a dataset ends without a close of its own and the next begins: after a refusal, after a failure of what was
 * made of it, and when its topic turns out to be another one.
 */
final class Attempts {
    /** Records of one burst are not asked about one by one. */
    private static final long BURST_MS = 1_000;

    private final Datasets datasets;
    private final DeferredArrivals room;
    private final Closing closing;
    private final Closing.TaskTopics topics;
    private final TopicLook look;
    private final DownstreamState downstream;
    private final Outbox outbox;

    Attempts(
            Datasets datasets,
            DeferredArrivals room,
            Closing closing,
            Closing.TaskTopics topics,
            TopicLook look,
            DownstreamState downstream,
            Outbox outbox) {
        this.datasets = datasets;
        this.room = room;
        this.closing = closing;
        this.topics = topics;
        this.look = look;
        this.downstream = downstream;
        this.outbox = outbox;
    }

    /** Begins the next attempt if the arrival does not belong to the one that is known. */
    void before(DatasetProgress dataset, Arrival arrival, long now) {
        boolean newBurst = arrival.kind() == Arrival.Kind.MANIFEST || dataset.quietFor(now) >= BURST_MS;
        if (dataset.phase() == AttemptPhase.CLOSED && newBurst && hasFailed(dataset)) {
            dataset.beginAttemptAfterFailure();
            datasets.judgeBy(dataset, null);
            outbox.opened(dataset.task(), topics.of(dataset));
        }
        if (arrival.kind() == Arrival.Kind.RECORD && !dataset.follows(arrival.position())) {
            restart(
                    dataset,
                    "offset %d of partition %d came again"
                            .formatted(
                                    arrival.position().offset(),
                                    arrival.position().partition()));
        }
    }

    private boolean hasFailed(DatasetProgress dataset) {
        AcceptedManifest accepted = dataset.accepted();
        return accepted != null && downstream.failed(dataset.task(), closing.run(dataset, accepted));
    }

    /** The next attempt after a refusal. */
    void begin(DatasetProgress dataset) {
        dataset.beginAttempt();
        datasets.judgeBy(dataset, null);
        outbox.opened(dataset.task(), topics.of(dataset));
    }

    /** The topic is another one than that the records came from. */
    void recreated(DatasetProgress dataset) {
        dataset.forgetOffsets();
        restart(dataset, "its topic has another identity than when it was opened");
    }

    /**
     * Forgets what was read of the topic before. The manifest stays, since it may have come for the new one; a task that is closed
     * stays closed, and what comes is late.
     */
    private void restart(DatasetProgress dataset, String sign) {
        String what = "%s: topic %s was deleted and created again, or its reading was set back; "
                .formatted(sign, topics.of(dataset));
        if (dataset.phase() == AttemptPhase.CLOSED) {
            outbox.note(dataset.task(), ErrorCode.TOPIC_RECREATED, what + "the dataset was closed before and stays so");
            return;
        }
        long dropped = dataset.tally().read() + room.clearRecords(dataset);
        AcceptedManifest accepted = dataset.phase() == AttemptPhase.REJECTED ? null : dataset.accepted();
        dataset.beginAttemptOnAnotherTopic();
        datasets.judgeBy(dataset, accepted);
        outbox.opened(dataset.task(), topics.of(dataset));
        outbox.note(
                dataset.task(),
                ErrorCode.TOPIC_RECREATED,
                what + "%d records read before are left out, a new attempt begins".formatted(dropped));
    }

    /** Says once for each attempt what could lose its records; whether there was news. */
    boolean look(DatasetProgress dataset) {
        boolean open = dataset.phase() == AttemptPhase.FILLING && dataset.hasRecords();
        if (!open || !dataset.topicId().isEmpty()) {
            return false;
        }
        var sighting = dataset.questions().opening(() -> look.now(topics.of(dataset), Map.of()));
        sighting.ifPresent(seen -> closing.noteRisks(dataset, seen));
        return sighting.isPresent();
    }
}
