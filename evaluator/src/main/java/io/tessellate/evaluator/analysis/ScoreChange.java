package io.tessellate.evaluator.analysis;

import io.tessellate.engine.metric.DropTest;
import io.tessellate.engine.metric.ScoreInterval;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What becomes of a score when something is changed.
 *
 * @param score afterwards
 * @param interval of it
 * @param difference afterwards minus before
 * @param test of the examples before and afterwards: {@code lost} turned from right to wrong, {@code won} the other way
 * @param corrected its p after Holm's correction over all changes of its kind
 */
public record ScoreChange(double score, ScoreInterval interval, double difference, DropTest test, double corrected) {
    /** One by itself. */
    static ScoreChange of(Scored before, Scored after) {
        return corrected(before, List.of(after)).get(0);
    }

    /** Changes of one kind, their tests corrected together. */
    static List<ScoreChange> corrected(Scored before, List<Scored> changed) {
        List<DropTest> tests = changed.stream()
                .map(after -> DropTest.of(before.outcomes(), after.outcomes()))
                .toList();
        List<Double> corrected = DropTest.holm(tests.stream().map(DropTest::p).toList());
        return IntStream.range(0, tests.size())
                .mapToObj(i -> new ScoreChange(
                        changed.get(i).value(),
                        changed.get(i).interval(),
                        changed.get(i).value() - before.value(),
                        tests.get(i),
                        corrected.get(i)))
                .toList();
    }
}
