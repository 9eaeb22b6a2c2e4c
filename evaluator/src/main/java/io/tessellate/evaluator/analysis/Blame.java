package io.tessellate.evaluator.analysis;

import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * Which adapters the difference between a task's union view and its own view comes from. The same question always has the same answer.
 *
 * @param task the task
 * @param version at which the union view was scored
 * @param standing what has become of that version
 * @param committedAs version the task was committed as, which its own view is
 * @param metric of the task
 * @param examples of its eval split
 * @param own score of its own view
 * @param ownInterval of it
 * @param union the union view, against its own
 * @param adapters those by which the views differ, in the order of their versions; after a narrowing some of them
 * @param narrowings how many became fewer; empty where all were scored
 * @param culprit the one of largest effect, if the task dropped and one has an effect above 0
 * @param layers of the culprit, in their order
 * @param scorings how often the eval split was scored
 * @param most how often it might have been
 */
public record Blame(
        TaskId task,
        int version,
        String standing,
        int committedAs,
        String metric,
        long examples,
        double own,
        ScoreInterval ownInterval,
        ScoreChange union,
        List<BlamedAdapter> adapters,
        List<Narrowing> narrowings,
        Optional<BlamedAdapter> culprit,
        List<BlamedLayer> layers,
        int scorings,
        int most) {
    public Blame {
        adapters = List.copyOf(adapters);
        narrowings = List.copyOf(narrowings);
        layers = List.copyOf(layers);
    }

    /** Score of its own view minus the one of the union view. */
    public double drop() {
        return -union.difference();
    }

    /** Whether the union view scores less. */
    public boolean dropped() {
        return drop() > 0;
    }

    /** What of the drop the adapters' effects leave over: what they do together. */
    public double together() {
        return drop() - adapters.stream().mapToDouble(BlamedAdapter::effect).sum();
    }

    /** What was found, in a sentence or two. */
    public String text() {
        return BlameText.of(this);
    }
}
