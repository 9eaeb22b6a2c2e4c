package io.tessellate.evaluator.topology;

import static io.tessellate.evaluator.matrix.Evaluations.MODEL;
import static io.tessellate.evaluator.matrix.Evaluations.evaluation;
import static io.tessellate.evaluator.matrix.Evaluations.gap;
import static io.tessellate.evaluator.matrix.Evaluations.tasks;
import static io.tessellate.evaluator.matrix.Evaluations.version;
import static io.tessellate.evaluator.matrix.Evaluations.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.matrix.AccuracyMatrix;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.matrix.Evaluations;
import io.tessellate.evaluator.matrix.Gap;
import io.tessellate.evaluator.matrix.MatrixBook;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.RowCodec;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.matrix.ViewRow;
import io.tessellate.evaluator.topology.MatrixFold.Completed;
import io.tessellate.evaluator.verdict.Gate;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.id.ModelName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatrixFoldTest {
    private final MatrixFold fold = new MatrixFold(new InMemoryMatrixState(), Evaluations.NO_OUTCOMES);

    @Test
    void aRowComesOutWithTheLastOfItsEvaluations() {
        fold.register(MODEL, Gate.of(0.02));
        List<Evaluation> evaluations = version(MODEL, 1, 0.9);

        assertThat(fold.apply(evaluations.get(0))).isEmpty();
        List<Completed> completed = fold.apply(evaluations.get(1));

        assertThat(completed).hasSize(1);
        assertThat(completed.get(0).row().union().averageAccuracy()).isEqualTo(0.9);
        assertThat(completed.get(0).row().union().forgetting()).isNull();
        assertThat(completed.get(0).findings()).isEmpty();
    }

    @Test
    void aRowWaitsForTheRegistrationOfItsModel() {
        assertThat(feed(versions(MODEL, 2, 0.9))).isEmpty();

        assertThat(fold.register(MODEL, Gate.of(0.02)))
                .extracting(completed -> completed.row().version())
                .containsExactly(1, 2);
        assertThat(fold.register(MODEL, Gate.of(0.02))).isEmpty();
    }

    @Test
    void aLaterVersionWaitsForTheEarlierOne() {
        fold.register(MODEL, Gate.of(0.02));

        assertThat(feed(version(MODEL, 2, 0.9))).isEmpty();
        assertThat(feed(version(MODEL, 1, 0.9)))
                .extracting(completed -> completed.row().version())
                .containsExactly(1, 2);
    }

    @Test
    void theMetricsAreThoseOfTheMatrix() {
        fold.register(MODEL, Gate.of(1));
        feed(versions(MODEL, 2, 0.8));

        MatrixRow third = feed(version(MODEL, 3, 0.7)).get(0).row();

        assertThat(third.union().scores()).containsExactly(0.7, 0.7, 0.9);
        assertThat(third.union().averageAccuracy()).isCloseTo(2.3 / 3, within());
        assertThat(third.union().backwardTransfer()).isCloseTo(-0.2, within());
        assertThat(third.union().forgetting()).isCloseTo(0.2, within());
        assertThat(third.union().drops().get(0)).isCloseTo(0.2, within());
        assertThat(third.union().drops().get(2)).isZero();
        assertThat(third.task().forgetting()).isEqualTo(0.0);
        assertThat(third.task().backwardTransfer()).isEqualTo(0.0);
    }

    @Test
    void forgettingIsMeasuredAgainstTheBestAndTransferAgainstTheFirst() {
        fold.register(MODEL, Gate.of(1));
        feed(version(MODEL, 1, 0.9));
        feed(version(MODEL, 2, 0.95));

        MatrixRow third = feed(version(MODEL, 3, 0.85)).get(0).row();

        assertThat(third.union().drops().get(0)).isCloseTo(0.95 - 0.85, within());
        assertThat(third.union().backwardTransfer()).isCloseTo(-0.05, within());
    }

    @Test
    void aDropBeyondTheBudgetIsCriticalAndBeyondHalfOfItAWarning() {
        fold.register(MODEL, Gate.of(0.1));
        feed(version(MODEL, 1, 0.9));

        List<Finding> half = feed(version(MODEL, 2, 0.84)).get(0).findings();
        List<Finding> whole = feed(version(MODEL, 3, 0.75)).get(0).findings();

        assertThat(half).singleElement().satisfies(finding -> {
            assertThat(finding.critical()).isFalse();
            assertThat(finding.code()).isEqualTo(ErrorCode.FORGETTING);
            assertThat(finding.view()).isEqualTo(View.UNION);
        });
        assertThat(whole).hasSize(2).allSatisfy(finding -> {
            assertThat(finding.critical()).isTrue();
            assertThat(finding.limit()).isEqualTo(0.1);
            assertThat(finding.message()).contains("version 3", "0.1500", "budget is 0.1000");
        });
    }

    @Test
    void aDropOfExactlyTheBudgetIsWithinIt() {
        fold.register(MODEL, Gate.of(0.25));
        feed(version(MODEL, 1, 0));
        List<Finding> findings = new ArrayList<>();
        for (Evaluation evaluation : version(MODEL, 2, 0.65)) {
            fold.apply(evaluation).forEach(completed -> findings.addAll(completed.findings()));
        }

        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.critical()).isFalse());
    }

    @Test
    void aTaskViewWithOtherPredictionsIsCriticalEvenAtTheSameScore() {
        fold.register(MODEL, Gate.of(1));
        feed(version(MODEL, 1, 0.9));
        List<Evaluation> second = new ArrayList<>(version(MODEL, 2, 0.9));
        second.set(1, evaluation(MODEL, 2, 1, View.TASK, 0.9, "changed"));

        assertThat(feed(second).get(0).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.critical()).isTrue();
            assertThat(finding.code()).isEqualTo(ErrorCode.TASK_VIEW_CHANGED);
            assertThat(finding.task().value()).isEqualTo("tone");
            assertThat(finding.message()).contains("version 1", "version 2");
        });
    }

    @Test
    void theFirstOfTwoEvaluationsOfOneCellStands() {
        fold.register(MODEL, Gate.of(1));
        fold.apply(evaluation(MODEL, 1, 1, View.UNION, 0.8, "a"));
        fold.apply(evaluation(MODEL, 1, 1, View.UNION, 0.3, "b"));

        MatrixRow row =
                fold.apply(evaluation(MODEL, 1, 1, View.TASK, 0.8, "a")).get(0).row();

        assertThat(row.union().scores()).containsExactly(0.8);
    }

    @Test
    void aTaskThatCouldNotBeMeasuredIsAGapAndTheMetricsAreOverTheOthers() {
        fold.register(MODEL, Gate.of(0.1));
        feed(versions(MODEL, 2, 0.8));
        List<Evaluation> third = new ArrayList<>(version(MODEL, 3, 0.7));
        third.set(0, gap(MODEL, 3, 1, View.UNION));
        third.set(1, gap(MODEL, 3, 1, View.TASK));

        Completed completed = feed(third).get(0);

        ViewRow union = completed.row().union();
        assertThat(union.scores()).containsExactly(null, 0.7, 0.9);
        assertThat(completed.row().metrics()).containsOnly("accuracy");
        assertThat(union.averageAccuracy()).isCloseTo(0.8, within());
        assertThat(union.forgetting()).isCloseTo(0.2, within());
        assertThat(union.backwardTransfer()).isCloseTo(-0.2, within());
        assertThat(union.drops().get(0)).isNull();
        assertThat(union.gaps())
                .containsExactly(new Gap(tasks(3).get(0), ErrorCode.RECORDS_GONE, "the topic was deleted"));
        assertThat(completed.findings())
                .filteredOn(finding -> finding.code() == ErrorCode.RECORDS_GONE)
                .singleElement()
                .satisfies(finding -> assertThat(finding.message()).contains("tone", "the topic was deleted"));
    }

    @Test
    void aLaterVersionIsHeldAgainstWhatWasMeasured() {
        fold.register(MODEL, Gate.of(0.1));
        List<Evaluation> first = List.of(gap(MODEL, 1, 1, View.UNION), gap(MODEL, 1, 1, View.TASK));

        MatrixRow one = feed(first).get(0).row();
        MatrixRow two = feed(version(MODEL, 2, 0.8)).get(0).row();
        MatrixRow three = feed(version(MODEL, 3, 0.7)).get(0).row();

        assertThat(one.union().averageAccuracy()).isNull();
        assertThat(two.union().drops()).containsExactly(null, 0.0);
        assertThat(two.union().forgetting()).isNull();
        assertThat(two.union().gaps()).isEmpty();
        assertThat(three.union().drops().get(0)).isCloseTo(0.1, within());
        assertThat(three.union().backwardTransfer()).isCloseTo(-0.2, within());
    }

    @Test
    void gapsSurviveTheWayThroughTheTopic() {
        fold.register(MODEL, Gate.of(0.1));
        feed(version(MODEL, 1, 0.9));
        List<Evaluation> second = new ArrayList<>(version(MODEL, 2, 0.8));
        second.set(0, gap(MODEL, 2, 1, View.UNION));
        MatrixRow row = feed(second).get(0).row();

        assertThat(RowCodec.row(RowCodec.event(row))).isEqualTo(row);
        assertThat(EvaluationCodec.evaluation(EvaluationCodec.event(second.get(0))))
                .isEqualTo(second.get(0));
        assertThat(RowCodec.event(row).getUnion().getScores()).containsExactly(0.0, 0.9);
    }

    @Test
    void aScoreThatIsNoNumberInTheTopicIsAGap() {
        EvaluationCompleted old = EvaluationCodec.event(evaluation(MODEL, 1, 1, View.UNION, 0.5, "a"));
        old.setScore(Double.NaN);

        assertThat(EvaluationCodec.evaluation(old).result())
                .isInstanceOfSatisfying(
                        Evaluation.NotMeasured.class,
                        gap -> assertThat(gap.code()).isEqualTo(ErrorCode.NOT_MEASURABLE));
    }

    @Test
    void evalExamplesThatWereLeftOutAreCountedBesideTheScore() {
        fold.register(MODEL, Gate.of(0.1));
        List<Evaluation> first =
                version(MODEL, 1, 0.9).stream().map(each -> leavingOut(each, 3)).toList();
        MatrixBook book = new MatrixBook();
        feed(first).forEach(completed -> book.apply(RowCodec.event(completed.row())));
        feed(version(MODEL, 2, 0.8)).forEach(completed -> book.apply(RowCodec.event(completed.row())));

        assertThat(EvaluationCodec.event(first.get(0)).getLeftOut()).isEqualTo(3);
        assertThat(EvaluationCodec.evaluation(EvaluationCodec.event(first.get(0))))
                .isEqualTo(first.get(0));
        for (View view : View.values()) {
            assertThat(book.matrix(MODEL, view).leftOut()).containsExactly(new AccuracyMatrix.PartAt(1, "tone", 3));
        }
    }

    private static Evaluation leavingOut(Evaluation of, int examples) {
        Evaluation.Measured score = of.result().measured().orElseThrow();
        return new Evaluation(
                of.model(),
                of.version(),
                of.versionTasks(),
                of.task(),
                of.view(),
                of.metric(),
                new Evaluation.Measured(score.score(), score.examples(), examples, score.predictions(), score.hits()),
                of.at());
    }

    @Test
    void theMatrixOfAModelShowsItsGapsWithTheReason() {
        fold.register(MODEL, Gate.of(0.1));
        MatrixBook book = new MatrixBook();
        List<Evaluation> first = List.of(gap(MODEL, 1, 1, View.UNION), gap(MODEL, 1, 1, View.TASK));
        feed(first).forEach(completed -> book.apply(RowCodec.event(completed.row())));
        feed(version(MODEL, 2, 0.8)).forEach(completed -> book.apply(RowCodec.event(completed.row())));

        AccuracyMatrix matrix = book.matrix(MODEL, View.UNION);

        assertThat(matrix.matrix().get(0)).containsExactly((Double) null);
        assertThat(matrix.measured()).isEqualTo(2);
        assertThat(matrix.gaps())
                .containsExactly(new AccuracyMatrix.GapAt(1, "tone", ErrorCode.RECORDS_GONE, "the topic was deleted"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void rowsComeInOrderWithoutGapOrDuplicateHoweverEvaluationsArrive(long seed) {
        var random = new Random(seed);
        List<ModelName> models = List.of(MODEL, new ModelName("glue"), new ModelName("glue-2"));
        List<Evaluation> stream = new ArrayList<>();
        for (ModelName model : models) {
            stream.addAll(versions(model, 5, 0.85));
        }
        stream.addAll(stream.stream().filter(any -> random.nextInt(3) == 0).toList());
        Collections.shuffle(stream, random);

        List<MatrixRow> rows = new ArrayList<>();
        for (int i = 0; i < stream.size(); i++) {
            if (i == stream.size() * random.nextInt(3) / 3) {
                models.forEach(
                        model -> fold.register(model, Gate.of(0.1)).forEach(completed -> rows.add(completed.row())));
            }
            fold.apply(stream.get(i)).forEach(completed -> rows.add(completed.row()));
        }
        models.forEach(model -> fold.register(model, Gate.of(0.1)).forEach(completed -> rows.add(completed.row())));

        for (ModelName model : models) {
            List<MatrixRow> ofModel =
                    rows.stream().filter(row -> row.model().equals(model)).toList();
            assertThat(ofModel).extracting(MatrixRow::version).containsExactly(1, 2, 3, 4, 5);
            assertThat(ofModel).isEqualTo(inOrder(model));
        }
    }

    private static List<MatrixRow> inOrder(ModelName model) {
        var reference = new MatrixFold(new InMemoryMatrixState(), Evaluations.NO_OUTCOMES);
        reference.register(model, Gate.of(0.1));
        return versions(model, 5, 0.85).stream()
                .flatMap(evaluation -> reference.apply(evaluation).stream())
                .map(Completed::row)
                .toList();
    }

    private List<Completed> feed(List<Evaluation> evaluations) {
        return evaluations.stream().flatMap(any -> fold.apply(any).stream()).toList();
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-12);
    }
}
