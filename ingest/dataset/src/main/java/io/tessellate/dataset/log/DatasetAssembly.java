package io.tessellate.dataset.log;

import io.tessellate.dataset.Dataset;
import io.tessellate.dataset.DatasetDigest;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.Outcome;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A dataset while its records come in, partition by partition in any interleaving. */
final class DatasetAssembly {
    /** Of the partitions in their order, each in the order of its offsets. */
    private final TreeMap<Integer, List<Example>> partitions = new TreeMap<>();

    private final SourceRecordReader reader;
    private long read;
    private @Nullable Place firstRefused;

    private record Place(int partition, long offset, Outcome.Refused why) {
        boolean isBefore(int otherPartition, long otherOffset) {
            return partition < otherPartition || partition == otherPartition && offset < otherOffset;
        }

        String text() {
            return "partition %d, offset %d: %s %s".formatted(partition, offset, why.code(), why.reason());
        }
    }

    DatasetAssembly(Manifest manifest, int textLimit, RecordDecoder decoder) {
        this.reader = new SourceRecordReader(decoder, new ExampleReader(manifest, textLimit));
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        read++;
        long size = SourceRecordReader.size(record.key(), record.value(), record.headers());
        Outcome outcome = reader.read(record.topic(), size, record.value());
        if (outcome instanceof Outcome.Accepted accepted) {
            partitions
                    .computeIfAbsent(record.partition(), p -> new ArrayList<>())
                    .add(accepted.example());
        } else if (outcome instanceof Outcome.Refused refused
                && (firstRefused == null || !firstRefused.isBefore(record.partition(), record.offset()))) {
            firstRefused = new Place(record.partition(), record.offset(), refused);
        }
    }

    ReadRecords finish() {
        List<Example> train = new ArrayList<>();
        List<Example> eval = new ArrayList<>();
        Set<Identity> seen = new HashSet<>();
        var digest = new DatasetDigest();
        var exampleDigest = new ExampleDigest();
        for (List<Example> examples : partitions.values()) {
            for (Example example : examples) {
                if (example.id() == null || seen.add(new Identity(example.split(), example.id()))) {
                    digest.add(exampleDigest.of(example));
                    (example.split() == Split.TRAIN ? train : eval).add(example);
                }
            }
        }
        long accepted = train.size() + (long) eval.size();
        long readable = partitions.values().stream().mapToLong(List::size).sum();
        return new ReadRecords(
                new Dataset(train, eval, digest.value()),
                new RecordCounts(read, accepted, read - readable, readable - accepted),
                Optional.ofNullable(firstRefused).map(Place::text));
    }

    /** What was read, if it is what was closed; RECORDS_GONE or DIGEST_MISMATCH. */
    static Dataset require(ReadRecords now, ClosedDataset closed) {
        RecordCounts counts = closed.counts();
        if (now.counts().read() < counts.read()) {
            throw new TessellateException(
                    ErrorCode.RECORDS_GONE,
                    "%s holds %d of the dataset's %d records: the others were deleted or compacted away"
                            .formatted(closed.topic(), now.counts().read(), counts.read()));
        }
        if (now.counts().read() != counts.read() || now.counts().accepted() != counts.accepted()) {
            throw changed(
                    closed,
                    "%d read and %d accepted instead of %d and %d"
                            .formatted(now.counts().read(), now.counts().accepted(), counts.read(), counts.accepted()));
        }
        if (!now.dataset().digest().equals(closed.digest())) {
            throw changed(
                    closed, "digest %s instead of %s".formatted(now.dataset().digest(), closed.digest()));
        }
        return now.dataset();
    }

    private static TessellateException changed(ClosedDataset closed, String difference) {
        return new TessellateException(
                ErrorCode.DIGEST_MISMATCH,
                "%s no longer holds the dataset that was closed: %s".formatted(closed.topic(), difference));
    }

    private record Identity(Split split, String id) {}
}
