package io.tessellate.engine.train.entries;

import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Optional;

/**
 * Stops a phase with DIVERGED as soon as a number is infinite or none, and says at which step and in which tensor. A loss
 * that is not finite makes every gradient so; what is named first is therefore a trained value that overflowed in an
 * earlier update, if there is one.
 *
 * @param layout where each tensor lies
 */
public record FiniteCheck(Phase phase, TrainedEntries entries, ParameterLayout layout) {
    /**
     * Checks a step before its update.
     *
     * @param norm of the gradient
     * @param gradient of the entries, then of the head
     * @param values that it was computed at
     * @param step counted from 0
     */
    public void requireStep(double loss, double norm, FloatBlocks gradient, FloatBlocks values, long step) {
        if (Double.isFinite(loss) && Double.isFinite(norm)) {
            return;
        }
        requireValues(values, step);
        Optional<String> first = firstNotFinite(gradient).map(this::tensor);
        throw diverged("step %d of phase %s has loss %s and a gradient of norm %s, first not finite in %s"
                .formatted(
                        step + 1,
                        phase.label(),
                        loss,
                        norm,
                        first.map("tensor '%s'"::formatted).orElse("no tensor")));
    }

    /**
     * Checks trained values.
     *
     * @param steps updates that led to them
     */
    public void requireValues(FloatBlocks values, long steps) {
        firstNotFinite(values).ifPresent(found -> {
            throw diverged("after step %d of phase %s a weight of tensor '%s' is %s"
                    .formatted(steps, phase.label(), tensor(found), values.block(found.block())[found.n()]));
        });
    }

    /** A number of a row. */
    private record Found(int block, int n) {}

    private static Optional<Found> firstNotFinite(FloatBlocks numbers) {
        for (int b = 0; b < numbers.count(); b++) {
            float[] block = numbers.block(b);
            for (int n = 0; n < block.length; n++) {
                if (!Float.isFinite(block[n])) {
                    return Optional.of(new Found(b, n));
                }
            }
        }
        return Optional.empty();
    }

    private String tensor(Found found) {
        return found.block < entries.blocks().length
                ? layout.tensorAt(entries.place(found.block, found.n)).name()
                : "head";
    }

    private static TessellateException diverged(String message) {
        return new TessellateException(ErrorCode.DIVERGED, message);
    }
}
