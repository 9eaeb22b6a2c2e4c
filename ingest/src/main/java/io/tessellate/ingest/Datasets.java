package io.tessellate.ingest;

import io.tessellate.dataset.ExampleReader;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.TaskId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final int textLimit;
    private final Map<String, Dataset> working = new HashMap<>();

    Datasets(KeyValueStore<String, byte[]> states, KeyValueStore<String, byte[]> manifests, int textLimit, long now) {
        this.states = states;
        this.manifests = manifests;
        this.textLimit = textLimit;
        try (KeyValueIterator<String, byte[]> saved = states.all()) {
            while (saved.hasNext()) {
                KeyValue<String, byte[]> entry = saved.next();
                Dataset dataset = Dataset.restore(TaskId.parse(entry.key), entry.value);
                dataset.judgeBy(rules(manifests.get(entry.key)));
                dataset.seenAt(now);
                working.put(entry.key, dataset);
            }
        }
    }

    /** The dataset of a task; null at its first sign. */
    @Nullable
    Dataset find(String task) {
        return working.get(task);
    }

    Dataset create(String task) {
        Dataset dataset = Dataset.fresh(TaskId.parse(task));
        working.put(task, dataset);
        return dataset;
    }

    List<Dataset> all() {
        return List.copyOf(working.values());
    }

    void save(Dataset dataset) {
        states.put(dataset.task().toString(), dataset.save());
    }

    /** From now on the dataset's records are judged by this manifest; by none where it is null. */
    void judgeBy(Dataset dataset, @Nullable TaskManifest manifest) {
        byte[] bytes = manifest == null ? null : encode(manifest);
        manifests.put(dataset.task().toString(), bytes);
        dataset.judgeBy(rules(bytes));
    }

    private @Nullable Rules rules(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        TaskManifest manifest = decode(bytes);
        return new Rules(manifest, new ExampleReader(manifest, textLimit));
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
