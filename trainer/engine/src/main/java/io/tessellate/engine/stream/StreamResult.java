package io.tessellate.engine.stream;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.engine.metric.Score;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.id.Sha256;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a stream of tasks came to, version by version.
 *
 * @param versions one per task, in order
 */
public record StreamResult(List<Version> versions) {
    /** Copies the list. */
    public StreamResult {
        versions = List.copyOf(versions);
    }

    /**
     * One version: the adapter it added and how every task up to it does.
     *
     * @param adapter digest of the adapter file
     * @param entries weights the adapter sets, the head not counted
     * @param union all adapters applied, one score per task
     * @param task each task with the adapters up to its own
     * @param recipe what the task was trained with: nothing in it is left open
     */
    public record Version(Sha256 adapter, long entries, List<Score> union, List<Score> task, Recipe recipe) {
        /** Copies the lists. */
        public Version {
            union = List.copyOf(union);
            task = List.copyOf(task);
        }
    }

    /** Scores of the union view: row n has those of tasks 0 to n at that version. */
    public List<List<Double>> unionScores() {
        return versions.stream().map(version -> values(version.union())).toList();
    }

    /** Scores of the task view, likewise. */
    public List<List<Double>> taskScores() {
        return versions.stream().map(version -> values(version.task())).toList();
    }

    /** Metrics of the union view. */
    public ContinualMetrics union() {
        return ContinualMetrics.of(unionScores());
    }

    /** Metrics of the task view. */
    public ContinualMetrics task() {
        return ContinualMetrics.of(taskScores());
    }

    /** Whether each task behaves bit for bit in its own view as it did when it was committed. */
    public boolean taskViewIsConstant() {
        Version last = versions.get(versions.size() - 1);
        return IntStream.range(0, versions.size())
                .allMatch(t -> last.task()
                        .get(t)
                        .digest()
                        .equals(versions.get(t).task().get(t).digest()));
    }

    private static List<Double> values(List<Score> scores) {
        return scores.stream().map(Score::value).toList();
    }
}
