package io.tessellate.engine.train.entries;

import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.recipe.Phase;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

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
    public void requireStep(double loss, double norm, float[] gradient, float[] values, long step) {
        if (Double.isFinite(loss) && Double.isFinite(norm)) {
            return;
        }
        requireValues(values, step);
        int first = firstNotFinite(gradient);
        throw diverged("step %d of phase %s has loss %s and a gradient of norm %s, first not finite in %s"
                .formatted(
                        step + 1,
                        phase.label(),
                        loss,
                        norm,
                        first < gradient.length ? "tensor '%s'".formatted(tensor(first)) : "no tensor"));
    }

    /**
     * Checks trained values.
     *
     * @param steps updates that led to them
     */
    public void requireValues(float[] values, long steps) {
        int first = firstNotFinite(values);
        if (first < values.length) {
            throw diverged("after step %d of phase %s a weight of tensor '%s' is %s"
                    .formatted(steps, phase.label(), tensor(first), values[first]));
        }
    }

    private static int firstNotFinite(float[] numbers) {
        int n = 0;
        while (n < numbers.length && Float.isFinite(numbers[n])) {
            n++;
        }
        return n;
    }

    private String tensor(int n) {
        return n < entries.size()
                ? FrozenWeights.tensorAt(layout, entries.position(n)).name()
                : "head";
    }

    private static TessellateException diverged(String message) {
        return new TessellateException(ErrorCode.DIVERGED, message);
    }
}
