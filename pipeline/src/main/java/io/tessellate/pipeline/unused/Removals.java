package io.tessellate.pipeline.unused;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.check.topic.TopicReader;
import io.tessellate.runtime.blob.BlobInventory;
import io.tessellate.runtime.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Looks for what nobody needs on the disk, and removes it for whoever has seen it. May be asked by several threads; one is served at a time. */
public final class Removals {
    /** What is younger stays, whoever asks: what a run has just stored is named a moment later. */
    public static final Duration YOUNGEST = Duration.ofHours(1);

    /** How old something must be if nothing is said. */
    public static final Duration USUAL = Duration.ofDays(1);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KafkaClients clients;
    private final BlobInventory blobs;
    private final Path runs;
    private final PipelineLogs logs;
    private final Clock clock;

    /**
     * Removals of one data directory.
     *
     * @param runs where the worker of this data directory keeps its runs
     * @param logs stay the caller's, and have to be started
     */
    public Removals(KafkaClients clients, BlobInventory blobs, Path runs, PipelineLogs logs, Clock clock) {
        this.clients = clients;
        this.blobs = blobs;
        this.runs = runs;
        this.logs = logs;
        this.clock = clock;
    }

    /** The latest that something may have been written to be found; INVALID_ARGUMENT for an age below {@link #YOUNGEST}. */
    public Instant before(Duration age) {
        return required(now().minus(age));
    }

    private Instant required(Instant before) {
        if (before.isAfter(now().minus(YOUNGEST))) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "only what is at least 1h old may go, not what was written up to %s: what a run has just stored is named a moment later"
                            .formatted(before));
        }
        return before;
    }

    /** Looks through disk and topics; removes nothing. INVALID_ARGUMENT for an instant that is too late. */
    public synchronized UnusedFound find(Instant before) {
        UnusedFiles files = new UnusedFiles(blobs, runs, required(before));
        logs.awaitCaughtUp(PATIENCE);
        try (TopicReader topics = new TopicReader(clients.rawConsumer("gc"))) {
            return new UnusedFound(
                    before,
                    files.find(
                            clients.topics(),
                            topics,
                            logs.lineage(),
                            logs.shared().runs()));
        }
    }

    /**
     * Removes what was found; the log says so before the first file goes and after the last one.
     *
     * @return what is gone; the others were written again since they were found
     */
    public synchronized UnusedFound remove(UnusedFound found, Author author) {
        UnusedFiles files = new UnusedFiles(blobs, runs, found.before());
        try (RemovalLog log = new RemovalLog(clients, clock)) {
            RemovalLog.Removal removal = log.begins(found, author);
            UnusedFound gone = new UnusedFound(
                    found.before(), found.files().stream().filter(files::delete).toList());
            removal.ends(gone);
            return gone;
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }
}
