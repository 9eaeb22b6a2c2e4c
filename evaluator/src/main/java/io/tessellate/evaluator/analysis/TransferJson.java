package io.tessellate.evaluator.analysis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Forward transfer and intransigence in JSON, as analyses.yaml describes them; the formulas travel with the numbers. */
public record TransferJson(
        String model,
        int version,
        @Nullable Double forwardTransfer,
        int over,
        int of,
        List<Task> tasks,
        int scorings,
        Map<String, String> formulas) {
    private static final Map<String, String> FORMULAS = written();

    /** Copies the list and the formulas. */
    public TransferJson {
        tasks = List.copyOf(tasks);
        formulas = new LinkedHashMap<>(formulas);
    }

    private static Map<String, String> written() {
        Map<String, String> formulas = new LinkedHashMap<>();
        formulas.put(
                "forwardTransfer",
                "FWT = 1/(T-1) sum over j = 2..T of (R[j-1][j] - b_j), over the tasks where it is defined; R[j-1][j]: eval score of"
                        + " task j with the adapters it was trained on and not its own; b_j: of the base (Lopez-Paz and Ranzato 2017)");
        formulas.put(
                "intransigence",
                "I_j = a*_j - R[j][j]; R[j][j]: eval score of task j in its own view; a*_j: the bound that was given (Chaudhry and others"
                        + " 2018: of a model trained on the data of tasks 1 to j together)");
        return formulas;
    }

    /** One task. */
    public record Task(
            String task,
            int committedAs,
            List<Integer> trainedOn,
            String metric,
            long examples,
            BlameJson.@Nullable Score untrained,
            BlameJson.@Nullable Change before,
            BlameJson.@Nullable Score learnt,
            @Nullable Double bound,
            @Nullable Double intransigence,
            @Nullable String undefined) {
        static Task of(TaskTransfer task) {
            ScoreChange before = task.before();
            return new Task(
                    task.task().value(),
                    task.committedAs(),
                    task.trainedOn(),
                    task.metric(),
                    task.examples(),
                    score(task.untrained()),
                    before == null ? null : BlameJson.Change.of(before),
                    score(task.learnt()),
                    task.bound(),
                    task.intransigence(),
                    task.undefined().isEmpty() ? null : task.undefined());
        }

        private static BlameJson.@Nullable Score score(TaskTransfer.@Nullable Point point) {
            return point == null
                    ? null
                    : new BlameJson.Score(
                            point.score(),
                            point.interval().low(),
                            point.interval().high(),
                            point.interval().method().label());
        }
    }

    /** The answer. */
    public static TransferJson of(Transfer transfer) {
        return new TransferJson(
                transfer.model().value(),
                transfer.version(),
                transfer.forward().isPresent()
                        ? Double.valueOf(transfer.forward().getAsDouble())
                        : null,
                transfer.over(),
                Math.max(0, transfer.tasks().size() - 1),
                transfer.tasks().stream().map(Task::of).toList(),
                transfer.scorings(),
                FORMULAS);
    }
}
