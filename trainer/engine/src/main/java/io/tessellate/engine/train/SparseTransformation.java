package io.tessellate.engine.train;

import io.tessellate.engine.method.MaskPlan;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.train.entries.RisingPenalty;
import io.tessellate.engine.train.entries.TrainedEntries;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random sparse network transformation (Bai et al. 2022, "Dual lottery ticket hypothesis", ICLR) for adapters, whose changes are what
 * is made sparse: all free weights are trained at once while a {@link RisingPenalty} draws those
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
    private final List<int[]> outside;
    private final FloatBlocks before;

    private SparseTransformation(TrainingJob job, Weights weights, Mask all, Mask mask, Weights parent) {
        ParameterLayout layout = weights.layout();
        this.job = job;
        this.weights = weights;
        this.entries = new TrainedEntries.Some(layout.places(all), TrainableTensors.of(layout, all));
        TrainedEntries chosen = TrainedEntries.of(MaskPlan.Entries.of(mask), layout);
        this.outside = IntStream.range(0, entries.blocks().length)
                .mapToObj(b -> outside(b, chosen))
                .toList();
        this.before = entries.read(parent.vector());
    }

    private int[] outside(int block, TrainedEntries chosen) {
        return IntStream.range(0, entries.blocks()[block])
                .filter(n -> !chosen.contains(entries.place(block, n)))
                .toArray();
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
        double ramp = job.recipe().transformation().rampShare()
                / job.recipe().transformation().share();
        return RisingPenalty.over(before, outside, Math.round(ramp * steps));
    }

    /** Length of the change outside the mask as a share of the whole change's; 0 if nothing changed. */
    double remainder() {
        Travel travel = travel();
        double all = Math.hypot(travel.inside(), travel.outside());
        return all == 0 ? 0 : travel.outside() / all;
    }

    /** How far the weights are from the parent's now. */
    Travel travel() {
        FloatBlocks now = entries.read(weights.vector());
        double all = IntStream.range(0, now.count())
                .boxed()
                .flatMapToDouble(b -> squares(now, b, IntStream.range(0, now.block(b).length)))
                .sum();
        double rest = IntStream.range(0, now.count())
                .boxed()
                .flatMapToDouble(b -> squares(now, b, IntStream.of(outside.get(b))))
                .sum();
        return new Travel(Math.sqrt(Math.max(0, all - rest)), Math.sqrt(rest));
    }

    /**
     * Lengths of the change.
     *
     * @param inside of the mask's weights
     * @param outside of all others that are trained
     */
    record Travel(double inside, double outside) {}

    private DoubleStream squares(FloatBlocks now, int block, IntStream which) {
        return which.mapToDouble(n -> {
            double change = (double) now.block(block)[n] - before.block(block)[n];
            return change * change;
        });
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
        FloatBlocks now = entries.read(weights.vector());
        for (int b = 0; b < now.count(); b++) {
            for (int n : outside.get(b)) {
                now.block(b)[n] = before.block(b)[n];
            }
        }
        entries.assign(now, weights.vector());
    }
}
