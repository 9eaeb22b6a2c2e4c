package io.tessellate.mask.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.safetensors.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class AdapterTest {
    private final ParameterSpace space =
            new ParameterSpace(List.of(new EligibleTensor("q", 30, 30), new EligibleTensor("k", 24, 30)));

    @Test
    void theMaskIsTheEligibleEntries() {
        Adapter adapter = adapter(
                TensorUpdate.listed("q", Shape.of(30, 30), new int[] {0, 899}, new float[2]),
                TensorUpdate.all("k", Shape.of(24, 30), new float[720]),
                TensorUpdate.all("embeddings", Shape.of(1000, 30), new float[30_000]));
        assertThat(adapter.mask(space))
                .isEqualTo(Mask.builder(space)
                        .addAll("k")
                        .addAll("q", new int[] {0, 899})
                        .build());
        assertThat(adapter.entries()).isEqualTo(30_722);
    }

    @Test
    void seededUpdatesOfAllTensorsMakeTheLiftsMask() {
        QuasiCyclicLift lift = new QuasiCyclicLift(space, 6, 1);
        List<TensorUpdate> updates = new ArrayList<>();
        for (int t = 0; t < space.tensorCount(); t++) {
            updates.add(TensorUpdate.seeded(
                    lift.tensor(t), 4, new float[lift.tensor(t).cells(4)]));
        }
        Adapter adapter = new Adapter(Adapters.METADATA, updates, List.of());
        assertThat(adapter.mask(space)).isEqualTo(lift.mask(4));
    }

    @Test
    void anEligibleTensorMustHaveTheModelsShape() {
        assertThatThrownBy(() -> adapter(TensorUpdate.all("q", Shape.of(900), new float[900]))
                        .mask(space))
                .hasMessage("adapter of glue/sst2 has tensor 'q' in shape [900], the model in [30, 30]")
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.TENSOR_MISMATCH);
    }

    @Test
    void singleEntriesOfOtherTensorsAreRefused() {
        assertThatThrownBy(() -> adapter(TensorUpdate.listed("norm", Shape.of(30), new int[] {1}, new float[1]))
                        .mask(space))
                .hasMessageContaining("single entries of tensor 'norm', which is not eligible");
    }

    @Test
    void updatesAreAssignedNotAdded() {
        TensorUpdate update = TensorUpdate.listed("q", Shape.of(2, 3), new int[] {1, 5}, new float[] {7, 8});
        float[] vector = {9, 9, 9, 9, 9, 9, 9, 9};
        update.assignTo(vector, 2);
        assertThat(vector).containsExactly(9, 9, 9, 7, 9, 9, 9, 8);
    }

    @Test
    void factorsMustBelongToAWholeMatrixOfTheirShape() {
        TensorUpdate whole = TensorUpdate.all("q", Shape.of(2, 3), new float[6]);
        TensorUpdate some = TensorUpdate.listed("q", Shape.of(2, 3), new int[] {1}, new float[1]);
        Factors fitting = new Factors("q", 1, 2, new float[3], new float[2]);
        Factors turned = new Factors("q", 1, 2, new float[2], new float[3]);
        Factors elsewhere = new Factors("k", 1, 2, new float[3], new float[2]);
        assertThat(factored(whole, fitting).factors()).containsExactly(fitting);
        assertThatThrownBy(() -> factored(whole, turned)).hasMessageContaining("a change of [3, 2] cannot be of");
        assertThatThrownBy(() -> factored(some, fitting)).hasMessageContaining("cannot be of the update");
        assertThatThrownBy(() -> factored(whole, elsewhere)).hasMessage("tensor 'k' has factors but no update");
    }

    private static Adapter factored(TensorUpdate update, Factors factors) {
        return new Adapter(Adapters.METADATA, List.of(update), List.of(), List.of(factors));
    }

    @Test
    void whatIsPassedInIsCopied() {
        float[] values = {1, 2};
        int[] indices = {0, 1};
        TensorUpdate update = TensorUpdate.listed("q", Shape.of(2, 3), indices, values);
        values[0] = 5;
        indices[1] = 4;
        assertThat(update.values()).containsExactly(1, 2);
        assertThat(update.indices()).containsExactly(0, 1);
    }

    @Test
    void updatesThatMakeNoSenseAreRefused() {
        Shape shape = Shape.of(2, 3);
        assertThatThrownBy(() -> TensorUpdate.listed("q", shape, new int[] {1, 1}, new float[2]))
                .hasMessage("indices must ascend strictly from 0: 1 after 1");
        assertThatThrownBy(() -> TensorUpdate.listed("q", shape, new int[] {-1, 1}, new float[2]))
                .hasMessageContaining("-1 after -1");
        assertThatThrownBy(() -> TensorUpdate.listed("q", shape, new int[] {6}, new float[1]))
                .hasMessage("index 6 lies outside tensor 'q' of shape [2, 3]");
        assertThatThrownBy(() -> TensorUpdate.listed("q", shape, new int[] {1}, new float[2]))
                .hasMessage("update of tensor 'q' must have 1 values: 2");
        assertThatThrownBy(() -> TensorUpdate.listed("q", shape, new int[0], new float[0]))
                .hasMessageContaining("at least one entry");
        assertThatThrownBy(() -> TensorUpdate.all("q", shape, new float[] {1, 2, 3, Float.POSITIVE_INFINITY, 5, 6}))
                .hasMessageContaining("value 3 is Infinity");
        assertThatThrownBy(() -> TensorUpdate.all("q", Shape.of(), new float[1]))
                .hasMessageContaining("1 to 8 dimensions");
    }

    @Test
    void aTensorIsUpdatedOnce() {
        TensorUpdate update = TensorUpdate.all("q", Shape.of(1), new float[1]);
        assertThatThrownBy(() -> adapter(update, update)).hasMessage("update of tensor 'q' must be there once");
    }

    @Test
    void updatesAreKeptInTheOrderOfTheirNames() {
        SplittableRandom random = new SplittableRandom(1);
        Adapter adapter = adapter(
                Adapters.listed("b", 9, 9, 0.2, random),
                Adapters.listed("a", 9, 9, 0.2, random),
                Adapters.listed("B", 9, 9, 0.2, random));
        assertThat(adapter.updates()).extracting(TensorUpdate::name).containsExactly("B", "a", "b");
    }

    private static Adapter adapter(TensorUpdate... updates) {
        return new Adapter(Adapters.METADATA, Arrays.asList(updates), List.of());
    }
}
