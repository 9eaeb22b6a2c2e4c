package io.tessellate.evaluator.scoring;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyDecoder;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A registered decoder of one layer with seeded weights and 24 words, and tasks without heads committed to it. */
final class SmallDecoder {
    static final List<String> WORDS =
            IntStream.range(0, 24).mapToObj(i -> "word" + (char) ('a' + i) + i).toList();
    private static final int HIDDEN = 16;

    private final RegistryLog log = new RegistryLog("bot");
    private final Random random = new Random(5);
    private final Path directory;
    private final BlobStore blobs;

    SmallDecoder(Path directory, BlobStore blobs) throws IOException {
        this.directory = directory;
        this.blobs = blobs;
        Path folder = TinyDecoder.write(directory.resolve("base"), WORDS);
        log.register(
                List.of(
                        stored(folder, "config.json"),
                        stored(folder, "tokenizer.json"),
                        stored(folder, "model.safetensors")),
                BaseModel.load(folder).layout().eligible());
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.5 * random.nextGaussian());
        }
        return values;
    }

    private StoredFile stored(Path folder, String name) {
        Blob blob = blobs.put(name, folder.resolve(name));
        return new StoredFile(name, blob.sha256(), blob.bytes());
    }

    /** A task without a head that owns the first few query weights from its place on. */
    void commit(String task, int from) {
        int[] places = IntStream.range(from, from + 20).toArray();
        List<TensorUpdate> updates = List.of(TensorUpdate.listed(
                "model.layers.0.self_attn.q_proj.weight", Shape.of(HIDDEN, HIDDEN), places, values(20)));
        var metadata = new AdapterMetadata(
                RegistryLog.digest("base"),
                VersionDigest.base(RegistryLog.digest("base")),
                TaskId.of("bot", task),
                "lotto",
                new RunId("run-" + task),
                "{}");
        AdapterFile.write(directory.resolve(task), new Adapter(metadata, updates, List.of()));
        log.commit(task, stored(directory, task), "{}", RegistryLog.digest("data-" + task));
    }

    ModelLine line() {
        return log.line();
    }
}
