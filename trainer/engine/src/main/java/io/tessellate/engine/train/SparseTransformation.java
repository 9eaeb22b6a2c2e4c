package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.RisingPenalty;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random sparse network transformation for adapters (the method of "Deep Expander Networks and Lottery Tickets": transform
 * before removing, instead of removing first): all free weights are trained at once while a {@link RisingPenalty} draws those
 * outside the mask back to the parent's values; then these are put back exactly, which by then changes next to nothing, and
 * the mask alone is trained on. Weights that other tasks own never move.
 */
final class SparseTransformation {
    /** Above this share of the whole change, what is put back can be felt. */
    private static final double NEGLIGIBLE = 1e-3;

    private static final Logger LOG = LoggerFactory.getLogger(SparseTransformation.class);

    private final TrainingJob job;
    private final Weights weights;
    private final TrainedEntries.Some entries;
    private final int[] outside;
    private final float[] before;

    private SparseTransformation(TrainingJob job, Weights weights, Mask all, Mask mask, Weights parent) {
        ParameterLayout layout = weights.layout();
        this.job = job;
        this.weights = weights;
        this.entries = new TrainedEntries.Some(layout.positions(all), TrainableTensors.of(layout, all));
        TrainedEntries chosen = TrainedEntries.of(MaskPlan.Entries.of(mask), layout);
        this.outside = IntStream.range(0, entries.size())
                .filter(n -> !chosen.contains(entries.position(n)))
                .toArray();
        this.before = new float[entries.size()];
        entries.read(parent.vector(), before);
    }

    /**
     * A transformation towards the mask of a plan.
     *
     * @param weights the parent's, to be trained
     */
    static SparseTransformation of(TrainingJob job, MaskPlan plan, Weights parent, Weights weights) {
        if (plan instanceof MaskPlan.Entries chosen) {
            Mask targeted = weights.layout().weights(job.recipe().targets()::contains);
            Mask all = targeted.minus(job.parent().owned()).union(chosen.mask());
            return new SparseTransformation(job, weights, all, chosen.mask(), parent);
        }
        throw new TessellateException(
                ErrorCode.INVALID_RECIPE,
                "method %s has no mask that its weights could be transformed to"
                        .formatted(job.recipe().method()));
    }

    /** All that is trained: the free weights. */
    TrainedEntries entries() {
        return entries;
    }

    /** What draws the weights outside the mask back, over so many steps. */
    RisingPenalty penalty(long steps) {
        double ramp = job.recipe().rampShare() / job.recipe().transformShare();
        return new RisingPenalty(before, outside, Math.round(ramp * steps));
    }

    /** Length of the change outside the mask as a share of the whole change's; 0 if nothing changed. */
    double remainder() {
        float[] now = new float[entries.size()];
        entries.read(weights.vector(), now);
        double all =
                IntStream.range(0, now.length).mapToDouble(n -> square(now, n)).sum();
        double rest = IntStream.of(outside).mapToDouble(n -> square(now, n)).sum();
        return all == 0 ? 0 : Math.sqrt(rest / all);
    }

    private double square(float[] now, int n) {
        double change = (double) now[n] - before[n];
        return change * change;
    }

    /** Puts the weights outside the mask back to the parent's values, bit for bit. */
    void remove() {
        double remainder = remainder();
        if (remainder > NEGLIGIBLE) {
            LOG.warn(
                    "{} is transformed to its mask but for {} of its change: give rampShare and holdShare more steps",
                    job.data().task(),
                    remainder);
        }
        float[] now = new float[entries.size()];
        entries.read(weights.vector(), now);
        for (int n : outside) {
            now[n] = before[n];
        }
        entries.assign(now, weights.vector());
    }
}
