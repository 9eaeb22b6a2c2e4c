package io.tessellate.evaluator.topology;

import static io.tessellate.evaluator.matrix.Evaluations.MODEL;
import static io.tessellate.evaluator.matrix.Evaluations.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.DropTest;
import io.tessellate.engine.metric.Outcomes;
import io.tessellate.evaluator.matrix.AccuracyMatrix;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.matrix.Evaluations;
import io.tessellate.evaluator.matrix.MatrixBook;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.RowCodec;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.evaluator.verdict.TaskVerdict;
import io.tessellate.evaluator.verdict.VerdictLevel;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.FailedVersion;
import io.tessellate.lineage.log.VerdictRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Verdicts in rows: what a drop is tested by, and what of a failed version counts later on. */
final class VerdictFoldTest {
    private static final List<TaskName> FIRST_AND_THIRD = List.of(new TaskName("tone"), new TaskName("grammar"));

    private final MatrixBook book = new MatrixBook();

    private static Gate gate(FailedVersion failed) {
        return new Gate(0.1, false, new VerdictRules(Map.of(), null, failed));
    }

    private MatrixRow last(MatrixFold fold, List<Evaluation> evaluations) {
        List<MatrixFold.Completed> completed = new ArrayList<>();
        evaluations.forEach(each -> completed.addAll(fold.apply(each)));
        completed.forEach(each -> book.apply(RowCodec.event(each.row())));
        MatrixRow row = completed.get(completed.size() - 1).row();
        assertThat(RowCodec.row(RowCodec.event(row))).as("through Avro").isEqualTo(row);
        return row;
    }

    @Test
    void aDropIsTestedOnTheExamplesOfBothVersions() {
        double[] right = new double[20];
        double[] now = new double[20];
        Arrays.fill(now, 0, 8, 1);
        now[19] = 0;
        MatrixFold fold = new MatrixFold(new InMemoryMatrixState(), (hits, metric) -> {
            boolean second = hits.equals(Evaluations.digest("u21"));
            return new Outcomes(MetricName.named(metric), second ? now : right, right);
        });
        fold.register(MODEL, gate(FailedVersion.KEEP));
        last(fold, version(MODEL, 1, 0.9));

        TaskVerdict tone = last(fold, version(MODEL, 2, 0.5)).verdict().tasks().get(0);

        assertThat(tone.verdict()).isEqualTo(VerdictLevel.FAIL);
        assertThat(tone.against()).isEqualTo(1);
        assertThat(tone.examples()).isEqualTo(20);
        assertThat(tone.test().method()).isEqualTo(DropTest.Method.MCNEMAR_EXACT);
        assertThat(tone.test().lost()).isEqualTo(8);
        assertThat(tone.test().won()).isZero();
        assertThat(tone.corrected()).isCloseTo(2.0 / 256, within(1e-12));
    }

    @Test
    void predictionsThatAreGoneLeaveTheDropUntestedAndSaySo() {
        MatrixFold fold = new MatrixFold(new InMemoryMatrixState(), Evaluations.NO_OUTCOMES);
        fold.register(MODEL, gate(FailedVersion.KEEP));
        last(fold, version(MODEL, 1, 0.9));

        TaskVerdict tone = last(fold, version(MODEL, 2, 0.5)).verdict().tasks().get(0);

        assertThat(tone.test()).isNull();
        assertThat(tone.untested()).isEqualTo("nobody kept them");
        assertThat(tone.verdict()).isEqualTo(VerdictLevel.FAIL);
    }

    /** Version 2 fails, so version 3 holds the first and the third task. */
    private MatrixRow afterAFailure(FailedVersion policy) {
        MatrixFold fold = new MatrixFold(new InMemoryMatrixState(), Evaluations.NO_OUTCOMES);
        fold.register(MODEL, gate(policy));
        last(fold, version(MODEL, 1, 0.9));
        List<Evaluation> failed = new ArrayList<>(version(MODEL, 2, 0.5));
        last(fold, failed);
        return last(
                fold,
                List.of(
                        third("tone", View.UNION, 0.86),
                        third("tone", View.TASK, 0.9),
                        third("grammar", View.UNION, 0.7),
                        third("grammar", View.TASK, 0.7)));
    }

    private static Evaluation of(List<TaskName> held, Evaluation like) {
        return new Evaluation(
                MODEL,
                like.version(),
                held,
                like.task(),
                like.view(),
                like.metric(),
                like.result(),
                like.at(),
                like.committedAs(),
                like.budget());
    }

    private static Evaluation third(String task, View view, double score) {
        int place = task.equals("tone") ? 1 : 3;
        Evaluation like = Evaluations.evaluation(MODEL, 3, place, view, score, view == View.TASK ? "t" : "u3");
        return of(FIRST_AND_THIRD, like);
    }

    @Test
    void aVersionWithoutAFailedAdapterHasARowOfItsOwnTasks() {
        MatrixRow row = afterAFailure(FailedVersion.QUARANTINE);

        assertThat(row.tasks()).isEqualTo(FIRST_AND_THIRD);
        assertThat(row.union().averageAccuracy()).isCloseTo(0.78, within(1e-12));
        assertThat(row.union().backwardTransfer()).isCloseTo(-0.04, within(1e-12));
        assertThat(row.verdict().verdict()).isEqualTo(VerdictLevel.PASS);

        AccuracyMatrix matrix = book.matrix(MODEL, View.UNION);
        assertThat(matrix.tasks()).containsExactly("tone", "topic", "grammar");
        assertThat(matrix.matrix().get(1)).containsExactly(0.5, 0.9);
        assertThat(matrix.matrix().get(2)).containsExactly(0.86, null, 0.7);
        assertThat(matrix.rows()).extracting(each -> each.verdict().verdict()).containsExactly("PASS", "FAIL", "PASS");
        assertThat(matrix.measured()).isEqualTo(2);
    }

    @Test
    void scoresOfAVersionThatWasTakenOutAreNoMeasureForLaterOnes() {
        MatrixFold fold = new MatrixFold(new InMemoryMatrixState(), Evaluations.NO_OUTCOMES);
        fold.register(MODEL, gate(FailedVersion.QUARANTINE));
        last(fold, version(MODEL, 1, 0.9));
        List<Evaluation> second = new ArrayList<>(version(MODEL, 2, 0.95));
        last(fold, second);
        List<Evaluation> failed = new ArrayList<>(version(MODEL, 3, 0.99));
        failed.set(2, Evaluations.evaluation(MODEL, 3, 2, View.UNION, 0.1, "u3"));

        assertThat(last(fold, failed).verdict().takesOut()).isTrue();
        List<TaskName> held = List.of(new TaskName("tone"), new TaskName("topic"), new TaskName("paraphrase"));
        MatrixRow fourth = last(
                fold,
                version(MODEL, 4, 0.9).stream()
                        .filter(each -> held.contains(each.task()))
                        .map(each -> of(held, each))
                        .toList());

        assertThat(fourth.union().drops().get(0)).as("best is 0.95, not 0.99").isCloseTo(0.05, within(1e-12));
    }

    @Test
    void aCellThatIsProvenShowsWhatWasMeasuredWhenItsTaskWasCommitted() {
        MatrixFold fold = new MatrixFold(new InMemoryMatrixState(), Evaluations.NO_OUTCOMES);
        fold.register(MODEL, gate(FailedVersion.KEEP));
        last(fold, version(MODEL, 1, 0.9));
        List<Evaluation> second = new ArrayList<>(version(MODEL, 2, 0.9));
        Evaluation proven = second.get(1).with(new Evaluation.Proven(Evaluations.digest("weights")));
        assertThat(EvaluationCodec.evaluation(EvaluationCodec.event(proven))).isEqualTo(proven);
        second.set(1, proven);

        MatrixRow row = last(fold, second);

        assertThat(row.task().scores()).containsExactly(0.9, 0.9);
        assertThat(row.task().proven()).containsExactly(true, false);
        assertThat(row.union().proven()).containsExactly(false, false);
        assertThat(row.task().examples()).containsExactly(500L, 500L);
        assertThat(row.task().gaps()).isEmpty();
    }
}
