package io.tessellate.ingest;

import io.tessellate.id.TaskId;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** What is known about one task's dataset. The working copy of what {@link Datasets} keeps. */
final class Dataset {
    private static final byte VERSION = 1;
    private static final int FIXED_BYTES = 2 + Integer.BYTES + 2 * Line.BYTES;

    private final TaskId task;
    private final Line waitingManifests;
    private final Line waitingRecords;
    private int attempt;
    private Phase phase;
    private Tally tally;
    private @Nullable Rules rules;
    private long lastSeen;
    private long lastReport;
    private long reported = -1;

    private Dataset(TaskId task, int attempt, Phase phase, Line manifests, Line records, Tally tally) {
        this.task = task;
        this.attempt = attempt;
        this.phase = phase;
        this.waitingManifests = manifests;
        this.waitingRecords = records;
        this.tally = tally;
    }

    /** A dataset of which nothing is known yet. */
    static Dataset fresh(TaskId task) {
        return new Dataset(task, 1, Phase.FILLING, new Line(), new Line(), new Tally());
    }

    TaskId task() {
        return task;
    }

    int attempt() {
        return attempt;
    }

    Phase phase() {
        return phase;
    }

    Tally tally() {
        return tally;
    }

    /** By what its records are judged; null while no manifest came. */
    @Nullable
    Rules rules() {
        return rules;
    }

    Line waiting(Arrival.Kind kind) {
        return switch (kind) {
            case RECORD -> waitingRecords;
            case MANIFEST -> waitingManifests;
        };
    }

    long waiting() {
        return waitingRecords.length() + waitingManifests.length();
    }

    void judgeBy(@Nullable Rules sound) {
        rules = sound;
    }

    void become(Phase next) {
        phase = next;
    }

    /** Forgets the refused attempt; only its records that still wait go over to the next one. */
    void beginAttempt() {
        attempt++;
        phase = Phase.FILLING;
        tally = new Tally();
        rules = null;
        reported = -1;
    }

    void seenAt(long now) {
        lastSeen = now;
    }

    /** How long ago the last record or manifest came. */
    long quietFor(long now) {
        return now - lastSeen;
    }

    /** Whether there is something new to publish since the last time it was asked that long ago. */
    boolean dueForReport(long now, long interval) {
        long current = tally.read() + waiting();
        if (current == reported || now - lastReport < interval) {
            return false;
        }
        noteReport(now);
        return true;
    }

    void noteReport(long now) {
        lastReport = now;
        reported = tally.read() + waiting();
    }

    byte[] save() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + tally.size());
        out.put(VERSION).put((byte) phase.ordinal()).putInt(attempt);
        waitingManifests.save(out);
        waitingRecords.save(out);
        tally.save(out);
        return out.array();
    }

    static Dataset restore(TaskId task, byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new SerializationException(
                    "state of %s has version %d, known is %d".formatted(task, version, VERSION));
        }
        Phase phase = Phase.values()[in.get()];
        int attempt = in.getInt();
        Dataset dataset = new Dataset(task, attempt, phase, Line.restore(in), Line.restore(in), Tally.restore(in));
        dataset.reported = dataset.tally.read() + dataset.waiting();
        return dataset;
    }
}
