package io.tessellate.evaluator.matrix;

import io.tessellate.id.TaskName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ACC, BWT (Lopez-Paz and Ranzato 2017) and forgetting (Chaudhry et al. 2018) of a row, by task name: a task that a
 * later version no longer holds simply takes no part in that version's means.
 */
final class ContinualScores {
    private ContinualScores() {}

    static ViewRow row(View view, List<TaskName> tasks, List<Double> scores, List<MatrixRow> history) {
        List<Double> drops = new ArrayList<>();
        List<Double> transfers = new ArrayList<>();
        double forgotten = 0;
        for (int column = 0; column < tasks.size(); column++) {
            double now = scores.get(column);
            List<Double> earlier = earlierScores(view, tasks.get(column), history);
            double best = earlier.stream().mapToDouble(Double::doubleValue).max().orElse(now);
            drops.add(best - now);
            if (!earlier.isEmpty()) {
                transfers.add(now - earlier.get(0));
                forgotten += best - now;
            }
        }
        Double forgetting = transfers.isEmpty() ? null : forgotten / transfers.size();
        return new ViewRow(scores, mean(scores), mean(transfers, null), forgetting, drops);
    }

    private static List<Double> earlierScores(View view, TaskName task, List<MatrixRow> history) {
        return history.stream().flatMap(row -> row.score(view, task).stream()).toList();
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum() / values.size();
    }

    private static @Nullable Double mean(List<Double> values, @Nullable Double empty) {
        return values.isEmpty() ? empty : Double.valueOf(mean(values));
    }
}
