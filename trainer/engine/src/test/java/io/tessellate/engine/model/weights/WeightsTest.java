package io.tessellate.engine.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.fixture.FlatPlaces;
import io.tessellate.engine.model.fixture.SmallModel;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.safetensors.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.tessellate.engine.backend.TestedBackends#names")
class WeightsTest {
    private static final String QUERY = "bert.encoder.layer.0.attention.self.query.weight";
    private static final String DOWN = "bert.encoder.layer.1.output.dense.weight";

    private final Backend backend;
    private final Weights weights;

    WeightsTest(String name) {
        this.backend = Backends.open(name);
        this.weights = SmallModel.weights(backend, SmallModel.values(1));
    }

    @AfterEach
    void close() {
        weights.close();
    }

    @Test
    void assigningEntriesChangesThemAndNothingElse() {
        float[] before = weights.vector().toArray(0, SmallModel.LAYOUT.size());
        weights.assign(DOWN, new int[] {0, 19, 33 * 20 - 1}, new float[] {1f, 2f, 3f});
        float[] after = weights.vector().toArray(0, SmallModel.LAYOUT.size());
        int offset = (int) SmallModel.LAYOUT.tensor(DOWN).offset();
        before[offset] = 1f;
        before[offset + 19] = 2f;
        before[offset + 33 * 20 - 1] = 3f;
        assertThat(after).isEqualTo(before);
    }

    private static Adapter adapter(TensorUpdate... updates) {
        Sha256 base = Sha256.of(new byte[1]);
        TaskId task = new TaskId(new ModelName("m"), new TaskName("t"));
        AdapterMetadata metadata =
                new AdapterMetadata(base, VersionDigest.base(base), task, "lotto", new RunId("r"), "{}");
        return new Adapter(metadata, List.of(updates), List.of());
    }

    @Test
    void anAdaptersValuesAreTakenOverBitByBit() {
        float[] before = weights.vector().toArray(0, SmallModel.LAYOUT.size());
        float[] bias = new float[20];
        Arrays.fill(bias, 0.1f);
        String biasName = "bert.encoder.layer.1.output.dense.bias";
        weights.apply(adapter(
                TensorUpdate.listed(QUERY, Shape.of(20, 20), new int[] {3, 399}, new float[] {-0f, Float.MIN_VALUE}),
                TensorUpdate.all(biasName, Shape.of(20), bias)));
        int query = (int) SmallModel.LAYOUT.tensor(QUERY).offset();
        before[query + 3] = -0f;
        before[query + 399] = Float.MIN_VALUE;
        System.arraycopy(
                bias, 0, before, (int) SmallModel.LAYOUT.tensor(biasName).offset(), 20);
        float[] after = weights.vector().toArray(0, SmallModel.LAYOUT.size());
        assertThat(Arrays.mismatch(after, before)).isEqualTo(-1);
    }

    @Test
    void anAdapterOfAnotherModelIsRefusedBeforeAnythingChanges() {
        Sha256 before = weights.digest();
        TensorUpdate fits = TensorUpdate.listed(QUERY, Shape.of(20, 20), new int[] {3}, new float[] {1f});
        TensorUpdate wider = TensorUpdate.listed(DOWN, Shape.of(20, 34), new int[] {3}, new float[] {1f});
        TensorUpdate unknown = TensorUpdate.listed("other", Shape.of(20), new int[] {3}, new float[] {1f});
        assertThatThrownBy(() -> weights.apply(adapter(fits, wider))).hasMessageContaining("[20, 34]");
        assertThatThrownBy(() -> weights.apply(adapter(fits, unknown))).hasMessageContaining("'other'");
        assertThat(weights.digest()).isEqualTo(before);
    }

    @Test
    void anEntryOutsideItsTensorIsRefused() {
        assertThatThrownBy(() -> weights.assign(QUERY, new int[] {400}, new float[] {1f}))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> weights.get("bert.nothing")).hasMessageContaining("bert.nothing");
        assertThatThrownBy(() -> weights.put(QUERY, new float[3])).hasMessageContaining("400");
    }

    @Test
    void aCopyIsIndependent() {
        try (Weights copy = weights.copy()) {
            assertThat(copy.digest()).isEqualTo(weights.digest());
            copy.assign(QUERY, new int[] {7}, new float[] {42f});
            assertThat(copy.digest()).isNotEqualTo(weights.digest());
            assertThat(weights.get(QUERY)[7]).isNotEqualTo(42f);
        }
    }

    @Test
    void aMasksPositionsAreWhereItsWeightsLie() {
        Random random = new Random(3);
        Mask.Builder builder = Mask.builder(SmallModel.LAYOUT.eligible());
        for (String tensor : new String[] {QUERY, DOWN}) {
            builder.addAll(tensor, random.ints(20, 0, 400).toArray());
        }
        Mask mask = builder.build();
        int[] positions = FlatPlaces.of(SmallModel.LAYOUT, mask);
        assertThat(positions).hasSize((int) mask.cardinality()).isSorted();
        float[] values = FlatPlaces.read(weights, mask);
        float[] expected = new float[positions.length];
        int next = 0;
        for (String tensor : new String[] {QUERY, DOWN}) {
            for (int index : mask.indices(tensor)) {
                expected[next++] = weights.get(tensor)[index];
            }
        }
        assertThat(values).isEqualTo(expected);
        WeightPlaces places = SmallModel.LAYOUT.places(mask);
        weights.vector().scatter(places, FloatBlocks.zeros(places.counts()));
        assertThat(FlatPlaces.read(weights, mask)).containsExactly(new float[positions.length]);
        assertThat(Arrays.stream(mask.indices(QUERY)).mapToDouble(i -> weights.get(QUERY)[i]))
                .containsOnly(0.0);
    }

    @Test
    void onlyAttentionAndFeedForwardMatricesAreEligible() {
        assertThat(SmallModel.LAYOUT.eligible().tensors())
                .hasSize(12)
                .allMatch(tensor -> tensor.name().contains("encoder.layer.")
                        && tensor.name().endsWith(".weight"));
        assertThat(SmallModel.LAYOUT.eligible().size()).isEqualTo(2 * (4 * 400 + 2 * 33 * 20));
    }

    @Test
    void closedWeightsRefuseToBeRead() {
        weights.close();
        assertThatThrownBy(() -> weights.get(QUERY)).hasMessageContaining("closed");
    }

    @Test
    void whatNoVectorCanHoldIsRefusedByName() {
        ParameterLayout.Builder layout =
                ParameterLayout.builder().matrix("small", 7, 9).segment();
        assertThatThrownBy(() -> layout.matrix("huge", 1 << 16, 1 << 15))
                .hasMessageContaining("tensor 'huge' of shape [65536, 32768] has more than the 2146435071");
        layout.eligible("gate", 1 << 15, 1 << 15, List.of(Role.FEED_FORWARD))
                .eligible("up", 1 << 15, 1 << 15, List.of(Role.FEED_FORWARD));
        assertThatThrownBy(layout::build)
                .hasMessageContaining("2147483648 parameters of the tensors [gate, up] are used together");
    }

    @Test
    void whatABackendCannotHoldIsRefusedByNameBeforeItIsAllocated() {
        ParameterLayout layout = ParameterLayout.builder()
                .matrix("words", 150_000, 3_600)
                .segment()
                .matrix("small", 7, 9)
                .build();
        assertThatThrownBy(() -> Weights.zeros(Backends.open(Backends.HOST), layout))
                .hasMessageContaining(
                        "tensors [words] are used together and have 540000000 entries, more than the 536870911");
    }

    @Test
    void aPlaceBelongsToTheSegmentThatItsTensorBegan() {
        ParameterLayout layout = ParameterLayout.builder()
                .matrix("words", 3, 4)
                .segment()
                .matrix("matrix", 2, 2)
                .vector("bias", 2)
                .segment()
                .segment()
                .vector("norm", 5)
                .build();
        assertThat(layout.size()).isEqualTo(23);
        assertThat(layout.segments())
                .containsExactly(
                        new ParameterLayout.Segment(0, 12),
                        new ParameterLayout.Segment(12, 6),
                        new ParameterLayout.Segment(18, 5));
        assertThat(layout.segmentOf(11)).isZero();
        assertThat(layout.segmentOf(12)).isEqualTo(1);
        assertThat(layout.segmentOf(22)).isEqualTo(2);
        assertThat(layout.tensorAt(17).name()).isEqualTo("bias");
        assertThatThrownBy(() -> layout.segmentOf(23)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aCopyTakesMemoryOnlyForTheSegmentsThatAreWritten() {
        long before = backend.memory().allocatedBytes();
        float[] parent = weights.get(DOWN);
        try (Weights copy = weights.copy()) {
            assertThat(backend.memory().allocatedBytes()).isEqualTo(before);
            copy.assign(DOWN, new int[] {3}, new float[] {42});
            ParameterLayout.Segment segment = SmallModel.LAYOUT
                    .segments()
                    .get(SmallModel.LAYOUT.segmentOf(
                            SmallModel.LAYOUT.tensor(DOWN).offset()));
            assertThat(backend.memory().allocatedBytes() - before).isEqualTo(4L * segment.size());
            assertThat(copy.get(DOWN)[3]).isEqualTo(42);
            assertThat(weights.get(DOWN)).isEqualTo(parent);
            assertThat(copy.get(QUERY)).isEqualTo(weights.get(QUERY));
        }
        assertThat(backend.memory().allocatedBytes()).isEqualTo(before);
    }
}
