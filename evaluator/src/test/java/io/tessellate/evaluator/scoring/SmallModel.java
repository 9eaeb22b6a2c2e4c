package io.tessellate.evaluator.scoring;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A random encoder of a few thousand weights in a blob store, with a registry's log of adapters that fit it. */
final class SmallModel {
    private static final int LABELS = 3;

    private final Path directory;
    private final BlobStore blobs;
    private final RegistryLog log = new RegistryLog("bot");
    private final BaseModel base;
    private final ParameterSpace space;
    private final Random random = new Random(5);
    private Mask owned;

    SmallModel(Path directory, BlobStore blobs) throws IOException {
        this.directory = directory;
        this.blobs = blobs;
        this.base = BaseModel.load(TinyBase.write(directory.resolve("base")));
        this.space = base.layout().eligible();
        this.owned = Mask.none(space);
        log.register(
                List.of(
                        stored(base.directory(), "config.json"),
                        stored(base.directory(), "tokenizer.json"),
                        stored(base.directory(), "model.safetensors")),
                space);
    }

    ModelLine line() {
        return log.line();
    }

    /** Commits a task on a tenth of the weights that are still free. */
    void commit(String task) {
        Mask mask = RandomMask.of(owned.complement(), space.size() / 10, random);
        owned = owned.union(mask);
        List<TensorUpdate> updates = new ArrayList<>();
        for (int t = 0; t < space.tensorCount(); t++) {
            EligibleTensor tensor = space.tensor(t);
            int[] indices = mask.indices(t);
            updates.add(TensorUpdate.listed(
                    tensor.name(), Shape.of(tensor.rows(), tensor.columns()), indices, values(indices.length, 1)));
        }
        int features = Encoder.features(base.config());
        var head = List.of(
                new HeadTensor("weight", Shape.of(LABELS, features), values(LABELS * features, 1)),
                new HeadTensor("bias", Shape.of(LABELS), values(LABELS, 1)));
        var metadata = new AdapterMetadata(
                RegistryLog.digest("base"),
                VersionDigest.base(RegistryLog.digest("base")),
                TaskId.of("bot", task),
                "lotto",
                new RunId("run-" + task),
                "{}");
        AdapterFile.write(directory.resolve(task), new Adapter(metadata, updates, head));
        log.commit(task, stored(directory, task), "{}", RegistryLog.digest("data-" + task));
    }

    /** Sixty examples of a task, the same ones every time. */
    static EvalSet examples(BaseModel base, CommittedVersion version) {
        var random = new Random(version.number());
        List<EncodedExample> examples = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), 16)) {
            for (int i = 0; i < 60; i++) {
                String text = String.join(
                        " ",
                        random.ints(3 + random.nextInt(6), 0, TinyBase.WORDS.size())
                                .mapToObj(TinyBase.WORDS::get)
                                .toList());
                examples.add(new EncodedExample(tokenizer.encode(text), random.nextInt(LABELS)));
                ids.add(i % 2 == 0 ? "e" + i : "");
            }
        }
        return new EvalSet(
                HeadObjective.CLASSIFICATION, Measure.by(MetricName.ACCURACY), examples, ids, 0, Optional.empty());
    }

    private StoredFile stored(Path folder, String name) {
        Blob blob = blobs.put(name, folder.resolve(name));
        return new StoredFile(name, blob.sha256(), blob.bytes());
    }

    private float[] values(int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }
}
