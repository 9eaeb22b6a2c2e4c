package io.tessellate.engine.answer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which shapes of batches give each example the bits that it has by itself. A library is free to add up in another order in a
 * larger batch, and some do for the smallest; in which order follows from the shape, not from the values. So a shape is compared
 * once, bit for bit, on the first examples that would have it, and used only if nothing differs. What is answered is always what
 * an example has by itself.
 */
final class ProvenShapes {
    private final Map<BatchShape, Boolean> known = new HashMap<>();

    /**
     * The rows of some examples.
     *
     * @param shape of all of them together
     * @param together computes them as one batch
     * @param alone computes one by itself
     */
    <E> List<float[]> rows(
            BatchShape shape, List<E> examples, Supplier<List<float[]>> together, Function<E, float[]> alone) {
        if (examples.size() == 1) {
            return List.of(alone.apply(examples.get(0)));
        }
        Optional<Boolean> proven = Optional.ofNullable(known.get(shape));
        if (proven.orElse(false)) {
            return together.get();
        }
        List<float[]> each = examples.stream().map(alone).toList();
        if (proven.isEmpty()) {
            known.put(shape, same(each, together.get()));
        }
        return each;
    }

    /** Shapes that were compared and found to give other bits. */
    long refused() {
        return known.values().stream().filter(same -> !same).count();
    }

    private static boolean same(List<float[]> some, List<float[]> others) {
        for (int i = 0; i < some.size(); i++) {
            if (!Arrays.equals(bits(some.get(i)), bits(others.get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }
}
