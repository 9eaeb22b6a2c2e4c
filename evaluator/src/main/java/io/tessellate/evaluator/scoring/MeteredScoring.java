package io.tessellate.evaluator.scoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.List;

/**
 * Counts what scoring does: {@code tessellate_evaluator_version_seconds} for whole versions, successful ones only, and
 * {@code tessellate_evaluator_examples_total} for examples scored in them, each once per view.
 */
final class MeteredScoring implements VersionScoring {
    private final VersionScoring scoring;
    private final Timer versions;
    private final Counter examples;

    MeteredScoring(VersionScoring scoring, MeterRegistry meters) {
        this.scoring = scoring;
        this.versions = Timer.builder("tessellate.evaluator.version")
                .description("time to score a version, all tasks in both views")
                .register(meters);
        this.examples = Counter.builder("tessellate.evaluator.examples")
                .description("examples scored, each once per view")
                .register(meters);
    }

    @Override
    public List<Evaluation> score(ModelLine line, int version, Cancellation cancellation) {
        Timer.Sample sample = Timer.start();
        List<Evaluation> all = scoring.score(line, version, cancellation);
        sample.stop(versions);
        examples.increment(all.stream().mapToLong(Evaluation::examples).sum());
        return all;
    }

    @Override
    public List<Evaluation> notMeasured(ModelLine line, int version, Evaluation.NotMeasured why) {
        return scoring.notMeasured(line, version, why);
    }

    @Override
    public void close() {
        scoring.close();
    }
}
