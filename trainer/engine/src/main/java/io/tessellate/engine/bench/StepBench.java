package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.head.Step;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.optimizer.GradientNorm;
import io.tessellate.engine.optimizer.Optimizer;
import io.tessellate.engine.optimizer.OptimizerKind;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import java.util.List;
import java.util.Random;

/** Times the steps of one workload: what a training phase does for each batch, without reading the batch. */
final class StepBench {
    private static final double LEARNING_RATE = 1e-5;
    private static final double WEIGHT_DECAY = 0.01;
    private static final double CLIP_NORM = 1;

    private final Backend backend;
    private final BenchPlan plan;
    private final Step step;

    StepBench(Backend backend, BenchPlan plan, Step step) {
        this.backend = backend;
        this.plan = plan;
        this.step = step;
    }

    WorkloadResult run(BenchWorkload workload, Weights weights) {
        TrainedEntries entries = TrainedEntries.of(workload.plan(weights.layout(), plan.seed()), weights.layout());
        Head head =
                Head.initial(BenchModel.LABELS, Encoder.features(plan.shape().config()), new Random(plan.seed()));
        PartClock clock = new PartClock();
        StepTimes times = new StepTimes(plan.steps());
        Backend metered = new MeteredBackend(backend, clock);
        try (Encoder encoder = new Encoder(metered, plan.shape().config());
                Gradients gradients = entries.gradients(metered)) {
            Trained trained = new Trained(entries, weights, gradients, OptimizerKind.ADAMW);
            for (int s = -plan.warmup(); s < plan.steps(); s++) {
                clock.clear();
                times.begin();
                clock.time(StepPart.CLEAR, gradients::zero);
                times.beginPass();
                encoder.backward(weights, head, step, gradients, HeadGradients.of(head));
                times.endPass();
                clock.time(StepPart.OPTIMIZER, trained::move);
                times.end(s, clock);
            }
        }
        return times.result(workload, entries.size(), plan.shape().tokens());
    }

    /** The trained weights in one compact row and what moves them. */
    private static final class Trained {
        private final TrainedEntries entries;
        private final Weights weights;
        private final Gradients gradients;
        private final List<Optimizer> optimizers;
        private final FloatBlocks values;
        private final FloatBlocks gradient;

        Trained(TrainedEntries entries, Weights weights, Gradients gradients, OptimizerKind kind) {
            this.entries = entries;
            this.weights = weights;
            this.gradients = gradients;
            this.values = entries.read(weights.vector());
            this.gradient = values.zeros();
            this.optimizers = values.all().stream()
                    .map(block -> kind.create(block.length, WEIGHT_DECAY))
                    .toList();
        }

        void move() {
            entries.read(gradients.vector(), gradient);
            GradientNorm.clipInPlace(gradient, GradientNorm.of(gradient), CLIP_NORM);
            for (int b = 0; b < optimizers.size(); b++) {
                optimizers.get(b).step(values.block(b), gradient.block(b), LEARNING_RATE);
            }
            entries.assign(values, weights.vector());
        }
    }
}
