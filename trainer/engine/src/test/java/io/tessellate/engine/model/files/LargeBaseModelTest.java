package io.tessellate.engine.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.fixture.SparseModelDirectory;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.FrozenWeights;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.engine.version.AdapterBuilder;
import io.tessellate.engine.version.Views;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.VersionDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of more than 2^31 weights: a file with holes, of which only what is touched takes disk or memory. */
class LargeBaseModelTest {
    private static final String CONFIG = """
            {"model_type": "llama", "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 14336,
             "num_attention_heads": 32, "num_key_value_heads": 8, "num_hidden_layers": 11, "vocab_size": 512,
             "max_position_embeddings": 64, "rms_norm_eps": 1e-5, "tie_word_embeddings": true}
            """;
    private static final String FIRST = "model.layers.0.self_attn.q_proj.weight";
    private static final String LAST = "model.layers.10.mlp.down_proj.weight";

    @TempDir
    private Path directory;

    private final Backend backend = Backends.open(Backends.HOST);

    @BeforeEach
    void write() throws IOException {
        new SparseModelDirectory(directory, CONFIG).with(LAST, 77, 1.5f).write();
    }

    private static Mask owned(Weights weights) {
        Mask.Builder mask = Mask.builder(weights.layout().eligible());
        mask.addAll(FIRST, new int[] {0, 5, 4096 * 4096 - 1});
        mask.addAll(LAST, new int[] {77, 78, 4096 * 14336 - 1});
        return mask.build();
    }

    @Test
    void weightsBeyondTwoToTheThirtyOneAreOwnedTrainedCommittedAndTakenBack() {
        BaseModel model = BaseModel.load(directory);
        assertThat(model.layout().size()).isGreaterThan(1L << 31);
        ParameterTensor last = model.layout().tensor(LAST);
        assertThat(last.offset() + 77).isGreaterThan(1L << 31);
        try (Weights parent = model.weights(backend);
                Weights trained = parent.copy()) {
            MaskPlan plan = MaskPlan.Entries.of(owned(parent));
            TrainedEntries entries = TrainedEntries.of(plan, parent.layout());
            FloatBlocks values = entries.read(trained.vector());
            assertThat(values.toArray()).containsExactly(0, 0, 0, 1.5f, 0, 0);
            assertThat(entries.place(1, 0)).isEqualTo(last.offset() + 77);
            assertThat(entries.contains(last.offset() + 77)).isTrue();
            assertThat(entries.contains(last.offset() + 79)).isFalse();

            values.block(0)[1] = 0.1f;
            values.block(1)[0] = -0.3f;
            values.block(1)[2] = 7;
            entries.assign(values, trained.vector());
            assertThat(trained.vector().toArray(last.offset() + 77, 2)).containsExactly(-0.3f, 0);
            assertThat(trained.vector().toArray(last.end() - 1, 1)).containsExactly(7);
            assertThat(parent.vector().toArray(last.offset() + 77, 2)).containsExactly(1.5f, 0);

            Adapter adapter = AdapterBuilder.build(metadata(), plan, trained, Head.none(), List.of());
            try (Views views = new Views(parent.copy(), List.of(adapter))) {
                assertThat(views.task(0).get(LAST, new int[] {77, 78})).containsExactly(-0.3f, 0);
                assertThat(views.base().get(LAST, new int[] {77, 78})).containsExactly(1.5f, 0);
            }
        }
        assertThat(backend.memory().allocatedBytes()).isZero();
    }

    private static AdapterMetadata metadata() {
        Sha256 base = Sha256.of(new byte[0]);
        return new AdapterMetadata(
                base, VersionDigest.base(base), TaskId.of("large", "large"), "random", new RunId("run-1"), "{}");
    }

    @Test
    void gradientsOfOwnedWeightsTakeTheirOwnMemoryAlone() {
        BaseModel model = BaseModel.load(directory);
        try (Weights weights = model.weights(backend)) {
            long before = backend.memory().allocatedBytes();
            TrainedEntries entries = TrainedEntries.of(MaskPlan.Entries.of(owned(weights)), weights.layout());
            try (Gradients gradients = entries.gradients(backend)) {
                assertThat(backend.memory().allocatedBytes() - before).isEqualTo(6 * Float.BYTES);
                ParameterTensor last = model.layout().tensor(LAST);
                gradients.vector().put(last.offset() + 76, new float[] {1, 2, 3, 4}, 0, 4);
                assertThat(entries.read(gradients.vector()).toArray()).containsExactly(0, 0, 0, 2, 3, 0);
                gradients.zero();
                assertThat(gradients.vector().toArray(last.offset() + 76, 4)).containsOnly(0);
            }
        }
    }

    @Test
    void aWeightFarBehindThatChangedThoughNobodyOwnsItIsNamed() {
        BaseModel model = BaseModel.load(directory);
        try (Weights parent = model.weights(backend);
                Weights trained = parent.copy()) {
            TrainedEntries entries = TrainedEntries.of(MaskPlan.Entries.of(owned(parent)), parent.layout());
            trained.assign(LAST, new int[] {77}, new float[] {9});
            FrozenWeights.requireUnchanged(parent, trained, entries);
            trained.assign(LAST, new int[] {4096 * 14336 - 2}, new float[] {9});
            assertThatThrownBy(() -> FrozenWeights.requireUnchanged(parent, trained, entries))
                    .hasMessageContaining("weight %d of tensor '%s'", 4096 * 14336 - 2, LAST);
        }
    }

    private static String tables(int words, int positions, int types) {
        return """
                {"model_type": "bert", "hidden_act": "gelu", "hidden_size": 1024, "intermediate_size": 1024,
                 "num_attention_heads": 16, "num_hidden_layers": 1, "vocab_size": %d,
                 "max_position_embeddings": %d, "type_vocab_size": %d, "layer_norm_eps": 1e-12}
                """.formatted(words, positions, types);
    }

    @Test
    void aTableThatNoVectorHoldsIsRefusedByName(@TempDir Path other) {
        assertThatThrownBy(() -> new SparseModelDirectory(other, tables(2_100_000, 8, 2)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
                .hasMessageContaining("word_embeddings.weight' of shape [2100000, 1024]")
                .hasMessageContaining("2146435071");
    }

    @Test
    void aTableThatABackendHasNoVectorForIsRefusedByBothNames(@TempDir Path other) throws IOException {
        BaseModel model = new SparseModelDirectory(other, tables(530_000, 8, 2)).write();
        assertThatThrownBy(() -> model.weights(backend))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
                .hasMessageContaining("word_embeddings.weight")
                .hasMessageContaining("542720000")
                .hasMessageContaining("536870911 that one vector of backend host can hold");
    }

    @Test
    void tablesThatFitIntoNoVectorTogetherLieApart(@TempDir Path other) throws IOException {
        BaseModel model = new SparseModelDirectory(other, tables(8, 300_000, 300_000))
                .with("bert.embeddings.token_type_embeddings.weight", 299_999L * 1024, 1.5f)
                .write();
        try (Weights weights = model.weights(backend)) {
            assertThat(weights.get("bert.embeddings.token_type_embeddings.weight", new int[] {299_999 * 1024}))
                    .containsExactly(1.5f);
        }
    }
}
