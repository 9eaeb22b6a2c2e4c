package io.tessellate.ingest.attempt;

import io.tessellate.event.TaskManifest;
import io.tessellate.id.TaskId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Every dataset of a partition: working copies in memory, each saved after each change. Manifests are kept apart as small
 * Avro container files, which carry their schema, so that a later release still reads them without the registry.
 */
final class Datasets {
    private final KeyValueStore<String, byte[]> states;
    private final KeyValueStore<String, byte[]> manifests;
    private final Function<TaskManifest, AcceptedManifest> acceptance;
    private final Map<String, DatasetProgress> working = new HashMap<>();

    Datasets(
            KeyValueStore<String, byte[]> states,
            KeyValueStore<String, byte[]> manifests,
            Function<TaskManifest, AcceptedManifest> acceptance,
            long now) {
        this.states = states;
        this.manifests = manifests;
        this.acceptance = acceptance;
        try (KeyValueIterator<String, byte[]> saved = states.all()) {
            while (saved.hasNext()) {
                KeyValue<String, byte[]> entry = saved.next();
                working.put(entry.key, restored(entry.key, entry.value, now));
            }
        }
    }

    private DatasetProgress restored(String task, byte[] state, long now) {
        DatasetProgress dataset = DatasetProgress.restore(TaskId.parse(task), state);
        dataset.judgeBy(accepted(manifests.get(task)));
        dataset.seenAt(now);
        return dataset;
    }

    /** Takes a dataset back to what was last saved of it. */
    DatasetProgress again(String task, long now) {
        byte[] state = states.get(task);
        DatasetProgress dataset =
                state == null ? DatasetProgress.fresh(TaskId.parse(task)) : restored(task, state, now);
        working.put(task, dataset);
        return dataset;
    }

    /** The dataset of a task; null at its first sign. */
    @Nullable
    DatasetProgress find(String task) {
        return working.get(task);
    }

    DatasetProgress create(String task) {
        DatasetProgress dataset = DatasetProgress.fresh(TaskId.parse(task));
        working.put(task, dataset);
        return dataset;
    }

    List<DatasetProgress> all() {
        return List.copyOf(working.values());
    }

    void save(DatasetProgress dataset) {
        states.put(dataset.task().toString(), dataset.save());
    }

    /** From now on the dataset's records are judged by this manifest; by none where it is null. */
    void judgeBy(DatasetProgress dataset, @Nullable AcceptedManifest manifest) {
        byte[] bytes = manifest == null ? null : encode(manifest.asWritten());
        manifests.put(dataset.task().toString(), bytes);
        dataset.judgeBy(accepted(bytes));
    }

    private @Nullable AcceptedManifest accepted(byte @Nullable [] bytes) {
        return bytes == null ? null : acceptance.apply(decode(bytes));
    }

    private static byte[] encode(TaskManifest manifest) {
        var bytes = new ByteArrayOutputStream();
        var datum = new SpecificDatumWriter<>(TaskManifest.class);
        try (var file = new DataFileWriter<>(datum).create(TaskManifest.getClassSchema(), bytes)) {
            file.append(manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static TaskManifest decode(byte[] bytes) {
        var datum = new SpecificDatumReader<>(TaskManifest.class);
        try (var file = new DataFileReader<>(new SeekableByteArrayInput(bytes), datum)) {
            return file.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
