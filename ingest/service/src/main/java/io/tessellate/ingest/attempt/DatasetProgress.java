package io.tessellate.ingest.attempt;

import io.tessellate.id.TaskId;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.SourcePosition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** What is known about one task's dataset. The working copy of what {@link Datasets} keeps. */
final class DatasetProgress {
    private static final byte FIRST_VERSION = 1;
    private static final byte RECREATION_VERSION = 3;
    private static final byte VERSION = RECREATION_VERSION;

    private final TaskId task;
    private QueuePositions waitingManifests = new QueuePositions();
    private QueuePositions waitingRecords = new QueuePositions();
    private int attempt = 1;
    private int failures;
    private AttemptPhase phase = AttemptPhase.FILLING;
    private Tally tally = new Tally();
    private final Map<Integer, Long> lastOffsets = new TreeMap<>();
    private String topicId = "";
    private boolean recreated;
    private @Nullable AcceptedManifest accepted;
    private long lastSeen;
    private long lastReport;
    private long reported;

    /** What is being asked about its topic; asked again after a restart. */
    private final TopicQuestions questions = new TopicQuestions();

    private DatasetProgress(TaskId task) {
        this.task = task;
    }

    /** A dataset of which nothing is known yet. */
    static DatasetProgress fresh(TaskId task) {
        return new DatasetProgress(task);
    }

    TaskId task() {
        return task;
    }

    int attempt() {
        return attempt;
    }

    /** How many runs on data of this task have failed. */
    int failures() {
        return failures;
    }

    AttemptPhase phase() {
        return phase;
    }

    Tally tally() {
        return tally;
    }

    TopicQuestions questions() {
        return questions;
    }

    /** Identity of the topic its records came from; empty while it was not looked at. */
    String topicId() {
        return topicId;
    }

    void comesFrom(String id) {
        topicId = id;
    }

    /** By what its records are judged; null while no manifest came. */
    @Nullable
    AcceptedManifest accepted() {
        return accepted;
    }

    QueuePositions waiting(Arrival.Kind kind) {
        return switch (kind) {
            case RECORD -> waitingRecords;
            case MANIFEST -> waitingManifests;
        };
    }

    long waiting() {
        return waitingRecords.length() + waitingManifests.length();
    }

    void judgeBy(@Nullable AcceptedManifest sound) {
        accepted = sound;
    }

    void become(AttemptPhase next) {
        phase = next;
    }

    /** Forgets the attempt so far; only its records that still wait go over to the next one. */
    void beginAttempt() {
        attempt++;
        phase = AttemptPhase.FILLING;
        tally = new Tally();
        accepted = null;
        reported = 0;
        topicId = "";
        recreated = false;
        questions.forget();
    }

    /** The next attempt, because the topic was found to be another one. */
    void beginAttemptOnAnotherTopic() {
        beginAttempt();
        recreated = true;
    }

    /** Whether this attempt began because the topic was found to be another one. */
    boolean recreated() {
        return recreated;
    }

    /** The next attempt, after what was made of this one has failed. */
    void beginAttemptAfterFailure() {
        failures++;
        beginAttempt();
    }

    /**
     * A record came; whether its offset grows, as it must while the topic is the same. Offsets that came before are forgotten
     * when it does not.
     */
    boolean follows(SourcePosition position) {
        Long last = lastOffsets.get(position.partition());
        boolean grows = last == null || position.offset() > last;
        if (!grows) {
            lastOffsets.clear();
        }
        lastOffsets.put(position.partition(), position.offset());
        return grows;
    }

    boolean hasRecords() {
        return !lastOffsets.isEmpty();
    }

    void forgetOffsets() {
        lastOffsets.clear();
    }

    void seenAt(long now) {
        lastSeen = now;
    }

    /** When the last record or manifest came. */
    long lastSeen() {
        return lastSeen;
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
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeByte(phase.ordinal());
            out.writeInt(attempt);
            waitingManifests.save(out);
            waitingRecords.save(out);
            tally.save(out);
            out.writeInt(failures);
            out.writeLong(reported);
            out.writeUTF(topicId);
            out.writeInt(lastOffsets.size());
            for (Map.Entry<Integer, Long> last : lastOffsets.entrySet()) {
                out.writeInt(last.getKey());
                out.writeLong(last.getValue());
            }
            out.writeBoolean(recreated);
        } catch (IOException e) {
            throw new SerializationException("state of %s cannot be written".formatted(task), e);
        }
        return bytes.toByteArray();
    }

    static DatasetProgress restore(TaskId task, byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            byte version = in.readByte();
            if (version < FIRST_VERSION || version > VERSION) {
                throw new SerializationException(
                        "state of %s has version %d, known is %d".formatted(task, version, VERSION));
            }
            return new DatasetProgress(task).read(in, version);
        } catch (IOException e) {
            throw new SerializationException("state of %s cannot be read".formatted(task), e);
        }
    }

    private DatasetProgress read(DataInput in, int version) throws IOException {
        phase = AttemptPhase.values()[in.readByte()];
        attempt = in.readInt();
        waitingManifests = QueuePositions.restore(in);
        waitingRecords = QueuePositions.restore(in);
        tally = Tally.restore(in, version);
        if (version == FIRST_VERSION) {
            tally.covered().forEach((partition, part) -> lastOffsets.put(partition, part.to() - 1));
            reported = tally.read() + waiting();
            return this;
        }
        failures = in.readInt();
        reported = in.readLong();
        topicId = in.readUTF();
        for (int left = in.readInt(); left > 0; left--) {
            lastOffsets.put(in.readInt(), in.readLong());
        }
        recreated = version >= RECREATION_VERSION && in.readBoolean();
        return this;
    }
}
