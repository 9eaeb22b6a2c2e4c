package io.tessellate.mask.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.adapter.WeightSource;
import io.tessellate.mask.merge.MergeRecipe.Method;
import io.tessellate.mask.merge.Ties.Trim;
import io.tessellate.safetensors.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MergedAdaptersTest {
    private static final int SIZE = 400;
    private static final float[] BASE = random(1);
    private static final WeightSource SOURCE = (tensor, indices) -> at(BASE, indices);

    private static float[] random(int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[SIZE];
        for (int n = 0; n < SIZE; n++) {
            values[n] = (float) random.nextDouble(-0.05, 0.05);
        }
        return values;
    }

    private static float[] at(float[] all, int... indices) {
        float[] some = new float[indices.length];
        for (int n = 0; n < some.length; n++) {
            some[n] = all[indices[n]];
        }
        return some;
    }

    private static Adapter adapter(int base, TensorUpdate... updates) {
        Sha256 digest = Sha256.of(new byte[] {(byte) base});
        return new Adapter(
                new AdapterMetadata(
                        digest, VersionDigest.base(digest), TaskId.of("m", "t"), "lota", new RunId("run-1"), "{}"),
                List.of(updates),
                List.of());
    }

    private static Adapter every(int step, int from) {
        int[] indices = IntStream.iterate(from, i -> i < SIZE, i -> i + step).toArray();
        return adapter(1, TensorUpdate.listed("w", Shape.of(20, 20), indices, at(random(from + 2), indices)));
    }

    private static Adapter of(int[] indices, float... values) {
        return adapter(1, TensorUpdate.listed("w", Shape.of(20, 20), indices, values));
    }

    static List<MergeRecipe> whole() {
        return List.of(
                MergeRecipe.of(Method.UNION, null, null, null),
                MergeRecipe.of(Method.ARITHMETIC, null, null, null),
                MergeRecipe.of(Method.TIES, null, 1.0, Trim.WHOLE),
                MergeRecipe.of(Method.TIES, null, 1.0, Trim.PER_TENSOR));
    }

    /** Base plus difference would miss some values by a rounding. */
    @ParameterizedTest
    @MethodSource("whole")
    void disjointAdaptersMergeToTheBitsOfTheirUnion(MergeRecipe recipe) {
        Adapter odd = every(2, 1);
        Adapter even = every(4, 2);
        MergedAdapters merged = MergedAdapters.of(List.of(odd, even), SOURCE, recipe);
        float[] expected = BASE.clone();
        odd.updates().get(0).assignTo(expected, 0);
        even.updates().get(0).assignTo(expected, 0);
        float[] actual = BASE.clone();
        merged.updates().forEach(update -> update.assignTo(actual, 0));
        assertThat(actual).isEqualTo(expected);
        assertThat(merged.tasks()).extracting(TaskVector::entries).containsExactly(200L, 100L);
        assertThat(merged.size()).isEqualTo(300);
        assertThat(merged.interference().shared()).isZero();
    }

    @Test
    void overlapsAndOpposedSignsAreCountedForAllAndForEveryTwo() {
        Adapter one = of(new int[] {0, 1, 2, 3}, BASE[0] + 1, BASE[1] + 1, BASE[2] + 1, BASE[3] + 1);
        Adapter two = of(new int[] {1, 2}, BASE[1] + 1, BASE[2] - 1);
        Adapter three = of(new int[] {2, 3, 9}, BASE[2] - 1, BASE[3] + 1, 0);
        MergedAdapters merged =
                MergedAdapters.of(List.of(one, two, three), SOURCE, MergeRecipe.of(Method.ARITHMETIC, 0.5, null, null));
        assertThat(merged.interference())
                .isEqualTo(new Interference(
                        List.of(
                                new Interference.Pair(0, 1, 2, 1),
                                new Interference.Pair(0, 2, 2, 1),
                                new Interference.Pair(1, 2, 1, 0)),
                        3,
                        1));
        float[] values = BASE.clone();
        merged.updates().get(0).assignTo(values, 0);
        assertThat(at(values, 0, 1, 2, 3))
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(BASE[0] + 0.5f, BASE[1] + 1, BASE[2] - 0.5f, BASE[3] + 1);
    }

    @Test
    void whatCannotBeMergedIsRefusedByName() {
        MergeRecipe union = MergeRecipe.of(Method.UNION, null, null, null);
        Adapter one = every(2, 1);
        refused(List.of(one, of(new int[] {1}, 3)), union, "1 weights are set by more than one adapter");
        Adapter foreign = adapter(2, TensorUpdate.listed("w", Shape.of(20, 20), new int[] {2}, new float[] {1}));
        refused(List.of(one, foreign), union, "adapters must be of one base");
        Adapter wide = adapter(1, TensorUpdate.listed("w", Shape.of(10, 40), new int[] {2}, new float[] {1}));
        refused(List.of(one, wide), union, "in shape [10, 40], another has it in [20, 20]");
        refused(List.of(), union, "a merge needs at least one adapter");
    }

    @Test
    void aMethodTakesOnlyWhatItKnows() {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> MergeRecipe.of(Method.ARITHMETIC, 1.0, 0.2, null))
                .withMessageContaining("only ties trims; a merge by arithmetic takes neither");
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> MergeRecipe.of(Method.UNION, 0.5, null, null))
                .withMessageContaining("scale must be 1, not 0.5");
        assertThat(MergeRecipe.of(Method.TIES, null, null, null))
                .isEqualTo(new MergeRecipe(Method.TIES, 1, 0.2, Trim.WHOLE));
    }

    private static void refused(List<Adapter> adapters, MergeRecipe recipe, String why) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> MergedAdapters.of(adapters, SOURCE, recipe))
                .withMessageContaining(why);
    }
}
