package io.tessellate.dataset.log;

import io.tessellate.dataset.Dataset;
import io.tessellate.dataset.DatasetDigest;
import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.record.ExampleReader;
import io.tessellate.dataset.record.Outcome;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A dataset while its records come in, partition by partition in any interleaving. */
final class DatasetAssembly {
    /** Of the partitions in their order, each in the order of its offsets. */
    private final TreeMap<Integer, List<Example>> partitions = new TreeMap<>();

    private final ClosedDataset closed;
    private final SourceRecordReader reader;
    private long read;

    DatasetAssembly(ClosedDataset closed, RecordDecoder decoder) {
        this.closed = closed;
        this.reader = new SourceRecordReader(decoder, new ExampleReader(closed.manifest(), closed.textLimit()));
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        read++;
        long size = SourceRecordReader.size(record.key(), record.value(), record.headers());
        Outcome outcome = reader.read(record.topic(), size, record.value());
        if (outcome instanceof Outcome.Accepted accepted) {
            partitions
                    .computeIfAbsent(record.partition(), p -> new ArrayList<>())
                    .add(accepted.example());
        }
    }

    Dataset finish() {
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
        var dataset = new Dataset(train, eval, digest.value());
        verify(dataset);
        return dataset;
    }

    private void verify(Dataset dataset) {
        long accepted = dataset.train().size() + (long) dataset.eval().size();
        RecordCounts counts = closed.counts();
        if (read < counts.read()) {
            throw new TessellateException(
                    ErrorCode.RECORDS_GONE,
                    "%s holds %d of the dataset's %d records: the others were deleted or compacted away"
                            .formatted(closed.topic(), read, counts.read()));
        }
        if (read != counts.read() || accepted != counts.accepted()) {
            throw changed("%d read and %d accepted instead of %d and %d"
                    .formatted(read, accepted, counts.read(), counts.accepted()));
        }
        if (!dataset.digest().equals(closed.digest())) {
            throw changed("digest %s instead of %s".formatted(dataset.digest(), closed.digest()));
        }
    }

    private TessellateException changed(String difference) {
        return new TessellateException(
                ErrorCode.DIGEST_MISMATCH,
                "%s no longer holds the dataset that was closed: %s".formatted(closed.topic(), difference));
    }

    private record Identity(Split split, String id) {}
}
