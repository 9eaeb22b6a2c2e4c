package io.tessellate.evaluator.scoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.runtime.kafka.work.Cancellation;
import java.util.List;

/**
 * Counts what scoring does: {@code tessellate_evaluator_job_seconds} for a task at a version in both views, whatever came of it, and
 * {@code tessellate_evaluator_examples_total} for examples scored in it, each once per view.
 */
final class MeteredScoring implements TaskScoring {
    private final TaskScoring scoring;
    private final Timer jobs;
    private final Counter examples;

    MeteredScoring(TaskScoring scoring, MeterRegistry meters) {
        this.scoring = scoring;
        this.jobs = Timer.builder("tessellate.evaluator.job")
                .description("time to score a task at a version in both views")
                .register(meters);
        this.examples = Counter.builder("tessellate.evaluator.examples")
                .description("examples scored, each once per view")
                .register(meters);
    }

    @Override
    public List<Evaluation> score(ModelLine line, int version, CommittedVersion commit, Cancellation cancellation) {
        Timer.Sample sample = Timer.start();
        List<Evaluation> all = scoring.score(line, version, commit, cancellation);
        sample.stop(jobs);
        examples.increment(all.stream().mapToLong(Evaluation::examples).sum());
        return all;
    }

    @Override
    public List<Evaluation> notMeasured(
            ModelLine line, int version, CommittedVersion commit, Evaluation.NotMeasured why) {
        return scoring.notMeasured(line, version, commit, why);
    }

    @Override
    public void close() {
        scoring.close();
    }
}
