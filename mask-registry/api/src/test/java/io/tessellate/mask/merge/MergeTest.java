package io.tessellate.mask.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.error.TessellateException;
import io.tessellate.mask.merge.Ties.Trim;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MergeTest {
    private static final int SIZE = 60;

    private static Ties ties(double keep, Trim trim) {
        return new Ties(keep, trim, tensor -> SIZE, 1);
    }

    private static TaskVector dense(Map<String, float[]> tensors) {
        TreeMap<String, SparseTensor> sparse = new TreeMap<>();
        tensors.forEach((name, values) -> {
            int[] indices = IntStream.range(0, values.length)
                    .filter(n -> values[n] != 0)
                    .toArray();
            float[] kept = new float[indices.length];
            for (int n = 0; n < kept.length; n++) {
                kept[n] = values[indices[n]];
            }
            sparse.put(name, new SparseTensor(indices, kept));
        });
        return new Held(sparse);
    }

    private record Held(TreeMap<String, SparseTensor> tensors) implements TaskVector {
        @Override
        public SortedSet<String> names() {
            return new TreeSet<>(tensors.keySet());
        }

        @Override
        public SparseTensor tensor(String name) {
            return tensors.getOrDefault(name, SparseTensor.EMPTY);
        }
    }

    private static float[] values(TaskVector vector, String tensor, int size) {
        float[] values = new float[size];
        SparseTensor sparse = vector.tensor(tensor);
        for (int n = 0; n < sparse.indices().length; n++) {
            values[sparse.indices()[n]] = sparse.values()[n];
        }
        return values;
    }

    private static TaskVector vector(float... values) {
        return dense(Map.of("w", values));
    }

    @Test
    void taskArithmeticScalesTheSum() {
        TaskVector merged = new TaskArithmetic(0.5).merge(List.of(vector(1, 0, -2, 0), vector(3, 4, 0, 0)));
        assertThat(values(merged, "w", 4)).containsExactly(2, 2, -1, 0);
    }

    /** Entry by entry: agree, conflict won by -3, one task alone, exact cancellation, absent. */
    @Test
    void tiesElectsTheSignOfTheSumAndAveragesThoseThatAgree() {
        TaskVector one = vector(1, 2, 0, 1, 0);
        TaskVector two = vector(3, -3, 5, -1, 0);
        TaskVector merged = ties(1, Trim.WHOLE).merge(List.of(one, two));
        assertThat(values(merged, "w", 5)).containsExactly(2, -3, 5, 1, 0);
    }

    @ParameterizedTest
    @EnumSource(Trim.class)
    void onDisjointAdaptersTiesIsTheSum(Trim trim) {
        SplittableRandom random = new SplittableRandom(4);
        float[] a = new float[SIZE];
        float[] b = new float[SIZE];
        for (int n = 0; n < SIZE; n++) {
            (n % 2 == 0 ? a : b)[n] = (float) random.nextDouble(-1, 1);
        }
        List<TaskVector> tasks = List.of(vector(a), vector(b));
        float[] sum = values(new TaskArithmetic(1).merge(tasks), "w", SIZE);
        assertThat(values(ties(0.5, trim).merge(tasks), "w", SIZE)).containsExactly(sum, within(0f));
    }

    @Test
    void theTrimKeepsExactlyTheLargestAndTiesGoToTheLowerIndex() {
        TaskVector trimmed = Trimming.of(vector(1, -2, 2, -2, 5, 0.5f), 3);
        assertThat(values(trimmed, "w", 6)).containsExactly(0, -2, 2, 0, 5, 0);
    }

    /** The threshold is found by counting bits; a list of all values, sorted, says the same. */
    @Test
    void theTrimOfManyTensorsIsThatOfASortedList() {
        SplittableRandom random = new SplittableRandom(12);
        for (int round = 0; round < 100; round++) {
            float[] all = new float[3 * SIZE];
            for (int n = 0; n < all.length; n++) {
                all[n] = random.nextBoolean() ? random.nextInt(-4, 5) : (float) random.nextDouble(-1e-6, 1e3);
            }
            int keep = random.nextInt(all.length / 2);
            TaskVector trimmed = Trimming.of(
                    dense(Map.of(
                            "a", Arrays.copyOfRange(all, 0, SIZE),
                            "b", Arrays.copyOfRange(all, SIZE, 2 * SIZE),
                            "c", Arrays.copyOfRange(all, 2 * SIZE, 3 * SIZE))),
                    keep);
            float[] expected = top(all, keep);
            assertThat(values(trimmed, "a", SIZE)).isEqualTo(Arrays.copyOfRange(expected, 0, SIZE));
            assertThat(values(trimmed, "b", SIZE)).isEqualTo(Arrays.copyOfRange(expected, SIZE, 2 * SIZE));
            assertThat(values(trimmed, "c", SIZE)).isEqualTo(Arrays.copyOfRange(expected, 2 * SIZE, 3 * SIZE));
            assertThat(trimmed.entries()).isEqualTo(keep);
        }
    }

    @Test
    void wholeVectorsAndSingleTensorsAreTrimmedDifferently() {
        TaskVector task = dense(Map.of("large", new float[] {9, 8, 7, 6}, "small", new float[] {1, 2, 3, 4}));
        Ties whole = new Ties(0.5, Trim.WHOLE, tensor -> 4, 1);
        assertThat(values(whole.merge(List.of(task)), "large", 4)).containsExactly(9, 8, 7, 6);
        assertThat(values(whole.merge(List.of(task)), "small", 4)).containsOnly(0);
        Ties single = new Ties(0.5, Trim.PER_TENSOR, tensor -> 4, 1);
        assertThat(values(single.merge(List.of(task)), "large", 4)).containsExactly(9, 8, 0, 0);
        assertThat(values(single.merge(List.of(task)), "small", 4)).containsExactly(0, 0, 3, 4);
    }

    /** The slow, obvious form on dense vectors, with the whole-vector trim of the paper's code. */
    private static float[] reference(List<float[]> tasks, int keep) {
        int size = tasks.get(0).length;
        float[][] trimmed = tasks.stream().map(task -> top(task, keep)).toArray(float[][]::new);
        double[] sums = new double[size];
        double balance = 0;
        for (int n = 0; n < size; n++) {
            for (float[] task : trimmed) {
                sums[n] += task[n];
            }
            balance += Math.signum(sums[n]);
        }
        float[] merged = new float[size];
        for (int n = 0; n < size; n++) {
            double sign = sums[n] == 0 ? (balance < 0 ? -1 : 1) : Math.signum(sums[n]);
            int entry = n;
            merged[n] = (float) Arrays.stream(trimmed)
                    .mapToDouble(task -> task[entry])
                    .filter(value -> value * sign > 0)
                    .average()
                    .orElse(0);
        }
        return merged;
    }

    private static float[] top(float[] task, int keep) {
        Integer[] order = IntStream.range(0, task.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (a, b) -> Float.compare(Math.abs(task[b]), Math.abs(task[a])));
        float[] kept = new float[task.length];
        for (int n = 0; n < keep; n++) {
            kept[order[n]] = task[order[n]];
        }
        return kept;
    }

    @Test
    void tiesEqualsTheDenseReference() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 50; round++) {
            float[][] dense = new float[3][SIZE];
            for (float[] task : dense) {
                for (int n = 0; n < SIZE; n++) {
                    task[n] = random.nextInt(3) == 0 ? 0 : random.nextInt(-4, 5);
                }
            }
            List<TaskVector> tasks = Arrays.stream(dense).map(MergeTest::vector).toList();
            TaskVector merged = ties(0.4, Trim.WHOLE).merge(tasks);
            assertThat(values(merged, "w", SIZE)).containsExactly(reference(List.of(dense), 24), within(1e-6f));
        }
    }

    @Test
    void impossibleNumbersAreRefused() {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> ties(0, Trim.WHOLE))
                .withMessageContaining("merge keep must be above 0 and at most 1: 0.0");
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> new TaskArithmetic(Double.NaN))
                .withMessageContaining("merge scale must be finite: NaN");
    }
}
