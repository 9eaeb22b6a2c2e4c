package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Times training steps and evaluation passes of a model of random weights. Batches are of full length, so that every
 * step is the same work. On a machine that does other work too, only ratios of numbers measured in alternation mean
 * anything.
 */
public final class EngineBench {
    private static final long LARGEST_FILE = 1L << 30;

    private final Backend backend;
    private final int threads;
    private final Consumer<String> progress;

    /**
     * A benchmark of a backend.
     *
     * @param threads how many threads the backend was started with; told in the result
     * @param progress gets a line before each part
     */
    public EngineBench(Backend backend, int threads, Consumer<String> progress) {
        this.backend = backend;
        this.threads = threads;
        this.progress = progress;
    }

    /** Measures everything that the plan asks for. */
    public BenchResult run(BenchPlan plan) {
        Backend seen = plan.precision().of(backend);
        ParameterLayout layout = ParameterLayout.of(plan.shape().config());
        Step step = BenchModel.step(plan.shape(), plan.seed());
        progress.accept("%s: %d parameters, %d tokens per step"
                .formatted(plan.shape().name(), layout.size(), plan.shape().tokens()));
        double peak = GemmPeak.measure(seen);
        try (Weights weights = plan.shortWeights()
                ? BenchModel.shortWeights(backend, layout, plan.seed())
                : BenchModel.weights(backend, layout, plan.seed())) {
            List<WorkloadResult> results = new ArrayList<>();
            for (BenchWorkload workload : plan.workloads()) {
                progress.accept(workload.label());
                results.add(new StepBench(seen, plan, step).run(workload, weights));
            }
            progress.accept("evaluation");
            Times evaluation = evaluation(seen, plan, weights, step);
            peak = Math.max(peak, GemmPeak.measure(seen));
            Optional<StorageTimes> storage = storage(plan, weights);
            return new BenchResult(
                    plan, seen.description(), threads, layout.size(), evaluation, peak, storage, results);
        }
    }

    private Optional<StorageTimes> storage(BenchPlan plan, Weights weights) {
        if (Float.BYTES * weights.layout().size() > LARGEST_FILE) {
            return Optional.empty();
        }
        progress.accept("loading and views");
        StorageBench storage = new StorageBench(backend, plan);
        return Optional.of(new StorageTimes(
                storage.loading(weights), storage.switching(weights, 10), storage.switching(weights, 100)));
    }

    private static Times evaluation(Backend seen, BenchPlan plan, Weights weights, Step step) {
        Head head =
                Head.initial(BenchModel.LABELS, Encoder.features(plan.shape().config()), new Random(plan.seed()));
        double[] milliseconds = new double[plan.steps()];
        try (Encoder encoder = new Encoder(seen, plan.shape().config())) {
            for (int s = -plan.warmup(); s < plan.steps(); s++) {
                long start = System.nanoTime();
                encoder.logits(weights, head, step.batch());
                if (s >= 0) {
                    milliseconds[s] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        return Times.of(milliseconds);
    }
}
