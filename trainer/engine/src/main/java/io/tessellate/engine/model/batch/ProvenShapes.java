package io.tessellate.engine.model.batch;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Which shapes of batches give each example the bits that it has by itself. A library is free to add up in another order in a
 * larger batch, and some do for the smallest; in which order follows from the shape, not from the values. So a shape is compared
 * once, bit for bit, on the first examples that would have it, and used only if nothing differs. What is answered is always what
 * an example has by itself. For one thread at a time.
 *
 * @param <S> what the order of sums follows from, of the batch and of an example by itself
 * @param <R> what is computed of an example
 */
public final class ProvenShapes<S, R> {
    private final BiPredicate<R, R> same;
    private final Map<S, Boolean> known = new HashMap<>();

    private ProvenShapes(BiPredicate<R, R> same) {
        this.same = same;
    }

    /** Shapes of what is compared so. */
    public static <S, R> ProvenShapes<S, R> comparing(BiPredicate<R, R> same) {
        return new ProvenShapes<>(same);
    }

    /** Shapes of passes that give numbers, compared bit for bit. */
    public static <S> ProvenShapes<S, float[]> ofNumbers() {
        return new ProvenShapes<>(ProvenShapes::sameBits);
    }

    /**
     * What is computed of some examples. A shape is compared by computing them together first and then by themselves, so that what
     * the passes leave behind is what an example leaves by itself, unless the shape is used.
     *
     * @param shape of all of them together
     * @param together computes them as one batch
     * @param alone computes one by itself
     */
    public <E> List<R> rows(S shape, List<E> examples, Supplier<List<R>> together, Function<E, R> alone) {
        if (examples.size() == 1) {
            return List.of(alone.apply(examples.get(0)));
        }
        Optional<Boolean> proven = Optional.ofNullable(known.get(shape));
        if (proven.orElse(false)) {
            return together.get();
        }
        List<R> all = proven.isEmpty() ? together.get() : List.of();
        List<R> each = examples.stream().map(alone).toList();
        if (proven.isEmpty()) {
            known.put(shape, allSame(each, all));
        }
        return each;
    }

    /** Shapes that were compared and found to give other bits. */
    public long refused() {
        return known.values().stream().filter(equal -> !equal).count();
    }

    /** Shapes that were compared and are used. */
    public long used() {
        return known.size() - refused();
    }

    private boolean allSame(List<R> some, List<R> others) {
        for (int i = 0; i < some.size(); i++) {
            if (!same.test(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether two arrays hold the same bits. */
    public static boolean sameBits(float[] some, float[] others) {
        return Arrays.equals(bits(some), bits(others));
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }
}
