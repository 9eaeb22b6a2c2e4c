package io.tessellate.mask.expander;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the lifts of many tensors: those of one block shape have their shifts in common, so that a model takes the memory of
 * its few shapes and not of its hundreds of tensors. Not for use by several threads.
 */
public final class LiftedTensors {
    private final Map<Shifts, int[]> known = new HashMap<>();

    /**
     * The lift of a tensor. INVALID_RECIPE if the tensor is too small for so many classes.
     *
     * @param classes q, at least 2
     * @param seed seed of the model's lift
     * @param draw which draw of shifts, 0 to 199
     * @param shared whether all tensors of one shape have the same mask
     */
    public LiftedTensor of(EligibleTensor tensor, int classes, long seed, int draw, boolean shared) {
        LiftedTensor.requireDegrees(tensor, classes);
        if (draw < 0 || draw >= LiftedTensor.MAX_DRAWS) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "draw must be 0 to %d: %d".formatted(LiftedTensor.MAX_DRAWS - 1, draw));
        }
        Shifts shifts = new Shifts(
                LiftedTensor.blocks(tensor.rows(), classes),
                LiftedTensor.blocks(tensor.columns(), classes),
                classes,
                seed,
                draw);
        return LiftedTensor.of(tensor, classes, seed, draw, shared, known.computeIfAbsent(shifts, Shifts::drawn));
    }

    private record Shifts(int rows, int columns, int classes, long seed, int draw) {
        int[] drawn() {
            return LiftedTensor.shapeShifts(rows, columns, classes, seed, draw);
        }
    }
}
