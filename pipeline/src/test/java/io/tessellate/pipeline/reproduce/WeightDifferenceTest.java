package io.tessellate.pipeline.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.safetensors.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightDifferenceTest {
    private static final Shape SHAPE = Shape.of(2, 4);

    @Test
    void theSameWeightsDifferInNothing() {
        assertThat(WeightDifference.between(adapter(new int[] {1, 5}, 0.5f, -0f), adapter(new int[] {1, 5}, 0.5f, -0f)))
                .isEmpty();
    }

    @Test
    void otherBitsAreOtherValuesEvenWhereNumbersAreEqual() {
        assertThat(WeightDifference.between(adapter(new int[] {1, 5}, 0.5f, -0f), adapter(new int[] {1, 5}, 0.25f, 0f)))
                .contains(new WeightDifference(0, 2, 4, 0.25, "dense"));
    }

    @Test
    void whatOnlyOneOfThemSetsLiesElsewhere() {
        assertThat(WeightDifference.between(adapter(new int[] {1, 5}, 0.5f, 2f), adapter(new int[] {1, 6}, 0.5f, 2f)))
                .contains(new WeightDifference(2, 0, 4, 0, "dense"));
    }

    @Test
    void theHeadCountsWithTheWeights() {
        Adapter then = adapter(new int[] {1, 5}, 0.5f, 2f);
        Adapter now = new Adapter(
                then.metadata(), then.updates(), List.of(new HeadTensor("bias", Shape.of(2), new float[] {1, 3})));
        assertThat(WeightDifference.between(then, now)).contains(new WeightDifference(0, 1, 4, 1, "head bias"));
    }

    @Test
    void factsOfTheMachineAreComparedByName() {
        assertThat(MachineFact.differences(
                        Map.of("backend", "host", "java", "17"), Map.of("backend", "nd4j", "java", "17")))
                .containsExactly(new MachineFact("backend", "host", "nd4j"));
        assertThat(new MachineFact("threads", "", "2").text()).isEqualTo("threads was not said, is 2");
    }

    private static Adapter adapter(int[] places, float... values) {
        Sha256 digest = Sha256.of(new byte[1]);
        var metadata = new AdapterMetadata(
                digest, VersionDigest.base(digest), TaskId.of("bot", "tone"), "lotto", new RunId("run-1"), "{}");
        return new Adapter(
                metadata,
                List.of(TensorUpdate.listed("dense", SHAPE, places, values)),
                List.of(new HeadTensor("bias", Shape.of(2), new float[] {1, 2})));
    }
}
