package io.tessellate.evaluator.matrix;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The named metrics over the rows measured so far, in which cells may be missing: each is over those tasks for which both of the
 * scores it compares were measured. Without gaps these are the metrics of the engine.
 *
 * @param rows row k holds the scores of tasks 0 to k
 */
record Measures(List<List<@Nullable Double>> rows) {
    /** ACC: mean of the scores of the last row. */
    OptionalDouble averageAccuracy() {
        return mean(last());
    }

    /** BWT: mean over earlier tasks of the score now minus the score when learnt. */
    OptionalDouble backwardTransfer() {
        return mean(IntStream.range(0, rows.size() - 1)
                .mapToObj(task -> difference(last().get(task), rows.get(task).get(task)))
                .toList());
    }

    /** F: mean over earlier tasks of the best earlier score minus the score now. */
    OptionalDouble forgetting() {
        return mean(drops().subList(0, rows.size() - 1));
    }

    /** Best earlier score minus the score now, for each task of the last row; 0 for the newest. */
    List<@Nullable Double> drops() {
        return IntStream.range(0, rows.size()).mapToObj(this::drop).toList();
    }

    private @Nullable Double drop(int task) {
        Double now = last().get(task);
        if (task == rows.size() - 1) {
            return now == null ? null : Double.valueOf(0);
        }
        List<Double> earlier = rows.subList(task, rows.size() - 1).stream()
                .map(row -> row.get(task))
                .filter(Objects::nonNull)
                .toList();
        return earlier.isEmpty() ? null : difference(Collections.max(earlier), now);
    }

    private List<@Nullable Double> last() {
        return rows.get(rows.size() - 1);
    }

    private static @Nullable Double difference(@Nullable Double from, @Nullable Double what) {
        return from == null || what == null ? null : Double.valueOf(from - what);
    }

    private static OptionalDouble mean(List<@Nullable Double> values) {
        DoubleStream measured = values.stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue);
        return measured.average();
    }
}
