package io.tessellate.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.SparseModelDirectory;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.StandaloneGrants;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.version.ParentVersion;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.VersionDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training on more than 2^31 weights: stopped, gone on with and committed. Nearly all of them are one table, the largest that
 * is not refused, of which it reads the rows of a few tokens; every layer lies behind it. The file is mapped and mostly holes.
 */
class LargeTrainingTest {
    private static final int HIDDEN = 1024;
    private static final int INNER = 4096;
    private static final String CONFIG = """
            {"model_type": "bert", "hidden_act": "gelu", "hidden_size": 1024, "intermediate_size": 4096,
             "num_attention_heads": 16, "num_hidden_layers": 2, "vocab_size": 2096000,
             "max_position_embeddings": 512, "type_vocab_size": 4000, "layer_norm_eps": 1e-12}
            """;
    private static final String FIRST = "bert.encoder.layer.0.attention.output.dense.weight";
    private static final String LAST = "bert.encoder.layer.1.output.dense.weight";
    /** A token whose row begins more than 2^31 bytes behind the first, but for the last rows more than 2^31 weights. */
    private static final int FAR = 2_095_990;

    private static final int FAR_TYPE = 3_999;

    /** The file's 4.3 GB count to what the process may have in memory, though few of them ever are. */
    private static final long ROOM = 6L << 30;

    private static final int TRAIN_ON = Integer.MAX_VALUE;

    @TempDir
    private Path directory;

    private Backend backend;

    @BeforeEach
    void requireRoom() {
        assumeThat(TestedBackends.names())
                .as("NOT RUN: no vector of another backend holds so large a table, and there is no libtorch here")
                .contains(Backends.TORCH_CPU);
        backend = Backends.open(Backends.TORCH_CPU);
        long free = backend.memory().room().free();
        if (free <= ROOM) {
            String message = "NOT RUN: a training on more than 2^31 weights wants %,d bytes of memory, free are %,d"
                    .formatted(ROOM, free);
            System.err.println(message);
            Assumptions.abort(message);
        }
    }

    @Test
    void aTrainingBeyondTwoToTheThirtyOneIsStoppedGoesOnAndEndsInTheSameFile() throws IOException {
        BaseModel model = model();
        assertThat(model.layout().size()).isGreaterThan(1L << 31);
        assertThat(model.layout().tensor(LAST).end() - 3).isGreaterThan(1L << 31);
        try (Views views = new Views(model.weights(backend), List.of())) {
            TrainingJob job = job(model, views);

            Adapter once = train(job, "once", TRAIN_ON);
            assertThatThrownBy(() -> train(job, "stopped", 1))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
            assertThat(directory.resolve("stopped"))
                    .isDirectoryContaining(file -> file.toFile().length() < 1 << 20);
            Adapter resumed = train(job, "stopped", TRAIN_ON);

            assertThat(digest(resumed)).isEqualTo(digest(once));
            assertThat(once.entries())
                    .isEqualTo((long) (0.001 * model.layout().eligible().size()));
            assertThat(once.update(LAST).orElseThrow().values()).doesNotContain(0);
            assertThat(once.update(FIRST).orElseThrow().values()).doesNotContain(0);
            int[] owned = once.update(LAST).orElseThrow().indices();
            assertThat(views.base().get(LAST, owned)).containsOnly(0);
            views.commit(once);
            assertThat(views.task(0).get(LAST, owned))
                    .isEqualTo(once.update(LAST).orElseThrow().values());
        }
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    private static TrainingJob job(BaseModel model, Views views) {
        Sha256 base = Sha256.of(new byte[0]);
        Recipe recipe = Recipe.of(Map.of(
                "method", "random", "density", 0.001, "epochs", 2, "batchSize", 2, "learningRate", 0.01, "seed", 3));
        Mask owned = Mask.none(model.layout().eligible());
        List<EncodedExample> examples = IntStream.range(0, 2)
                .mapToObj(label -> new EncodedExample(
                        new TokenSequence(
                                IntStream.range(0, 4)
                                        .map(t -> FAR + 4 * label + t)
                                        .toArray(),
                                new int[] {0, FAR_TYPE, FAR_TYPE, 0}),
                        label))
                .toList();
        return new TrainingJob(
                new RunId("run-1"),
                recipe,
                new TaskData(TaskId.of("large", "task"), HeadObjective.CLASSIFICATION, 2, examples),
                new ParentVersion(model.config(), base, VersionDigest.base(base), views, owned),
                new StandaloneGrants(base).grant(recipe, owned, model.layout()),
                List.of());
    }

    private Adapter train(TrainingJob job, String checkpoints, int stoppedAfter) {
        AtomicInteger steps = new AtomicInteger();
        TrainingControl control = new TrainingControl(
                step -> steps.incrementAndGet(),
                () -> steps.get() >= stoppedAfter,
                new CheckpointStore(directory.resolve(checkpoints)),
                CheckpointPolicy.everySteps(1),
                Clock.systemUTC());
        return new Trainer(backend).train(job, control).adapter();
    }

    private Sha256 digest(Adapter adapter) {
        return AdapterFile.write(directory.resolve("adapter.safetensors"), adapter);
    }

    private BaseModel model() throws IOException {
        SparseModelDirectory model = new SparseModelDirectory(directory, CONFIG);
        SplittableRandom random = new SplittableRandom(1);
        for (int token = FAR; token < FAR + 8; token++) {
            model.with("bert.embeddings.word_embeddings.weight", (long) token * HIDDEN, drawn(random, HIDDEN));
        }
        model.with("bert.embeddings.token_type_embeddings.weight", (long) FAR_TYPE * HIDDEN, drawn(random, HIDDEN));
        model.with("bert.embeddings.LayerNorm.weight", 0, ones());
        for (int l = 0; l < 2; l++) {
            String layer = "bert.encoder.layer." + l + ".";
            model.with(layer + "attention.self.value.bias", 0, drawn(random, HIDDEN))
                    .with(layer + "attention.output.LayerNorm.weight", 0, ones())
                    .with(layer + "intermediate.dense.bias", 0, drawn(random, INNER))
                    .with(layer + "output.LayerNorm.weight", 0, ones());
        }
        return model.write();
    }

    private static float[] ones() {
        float[] ones = new float[HIDDEN];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static float[] drawn(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
