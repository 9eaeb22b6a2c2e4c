package io.tessellate.pipeline.unused;

import io.tessellate.id.RunId;
import io.tessellate.lineage.Lineage;
import io.tessellate.pipeline.check.topic.TopicReader;
import io.tessellate.registry.client.RunLog;
import io.tessellate.runtime.blob.BlobInventory;
import io.tessellate.topic.Topic;
import io.tessellate.topic.TopicCatalogue;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what lies on the disk and is needed by nobody: blobs that no event of any internal topic names, and what workers kept of runs
 * that are over. The disk is looked through first and the topics after it, so that what is named meanwhile is seen; what is younger than
 * a limit may be named yet and is never found.
 */
final class UnusedFiles {
    private final BlobInventory blobs;
    private final RunFolders runs;
    private final Instant since;

    /**
     * What lies unused.
     *
     * @param blobs the blob store
     * @param runs where the worker of this data directory keeps its runs
     * @param since whatever was written after it stays
     */
    UnusedFiles(BlobInventory blobs, Path runs, Instant since) {
        this.blobs = blobs;
        this.runs = new RunFolders(runs);
        this.since = since;
    }

    /** Looks through disk and topics; removes nothing. */
    List<UnusedFile> find(TopicCatalogue catalogue, TopicReader topics, Lineage lineage, RunLog ended) {
        List<BlobInventory.Entry> old = blobs.entries().stream()
                .filter(entry -> entry.modified().isBefore(since))
                .toList();
        AddressScan named = new AddressScan();
        for (Topic<?> topic : catalogue.all()) {
            topics.partitions(topic.name())
                    .forEach((partition, span) -> topics.read(topic.name(), partition, span, record -> {
                        if (record.value() != null) {
                            named.read(record.value());
                        }
                    }));
        }
        List<UnusedFile> unused = new ArrayList<>();
        for (BlobInventory.Entry entry : old) {
            if (entry.address() == null || !named.names(entry.address())) {
                unused.add(new UnusedFile(
                        entry.address() == null ? UnusedFile.Kind.UNFINISHED : UnusedFile.Kind.BLOB,
                        entry.path(),
                        entry.bytes(),
                        entry.modified()));
            }
        }
        unused.addAll(runs.unused(since, run -> isOver(run, lineage, ended)));
        return unused;
    }

    private static boolean isOver(String name, Lineage lineage, RunLog ended) {
        RunId run = new RunId(name);
        return ended.hasFailed(run)
                || lineage.models().stream()
                        .anyMatch(line -> line.versionOf(run).isPresent()
                                || line.cancelled(run).isPresent()
                                || line.rejections().stream()
                                        .anyMatch(refused -> refused.run().equals(run) && !refused.lostRace()));
    }

    /** Removes one; false if it was written again since it was found. */
    boolean delete(UnusedFile file) {
        return switch (file.kind()) {
            case BLOB, UNFINISHED -> blobs.delete(file.path(), file.modified());
            case CHECKPOINTS -> RunFolders.delete(file);
        };
    }
}
