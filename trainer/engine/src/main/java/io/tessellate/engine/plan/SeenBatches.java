package io.tessellate.engine.plan;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The batches of own examples that a phase sees. They are gone through and never kept, and of a very long phase only the first are looked
 * at: there are as many as it has steps.
 *
 * @param examples lengths of the sequences of each example that batches are made of
 * @param steps positions of the examples of each step, from the first one again whenever they are asked for
 * @param count number of steps
 * @param inputs examples of all steps, one that comes again counted again
 */
public record SeenBatches(List<int[]> examples, Supplier<Stream<int[]>> steps, long count, long inputs) {
    /** None at all. */
    static final SeenBatches NONE = new SeenBatches(List.of(), Stream::empty, 0, 0);

    /** Steps that are looked at one by one, in a moment. */
    private static final long LOOKED_AT = 10_000;

    /** Copies the list. */
    public SeenBatches {
        examples = List.copyOf(examples);
    }

    /** Whether steps are left that nobody looks at; the longest examples stand for theirs. */
    boolean goOn() {
        return count > LOOKED_AT;
    }

    /** A single step with all of these examples. */
    static SeenBatches single(List<int[]> step) {
        int[] positions = new int[step.size()];
        Arrays.setAll(positions, position -> position);
        return new SeenBatches(step, () -> Stream.of(positions), 1, step.size());
    }

    /** Positions of the examples of each step that is looked at. */
    Stream<int[]> lookedAt() {
        return steps.get().limit(LOOKED_AT);
    }

    /** The examples of each step that is looked at. */
    Stream<List<int[]>> batches() {
        return lookedAt()
                .map(positions ->
                        Arrays.stream(positions).mapToObj(examples::get).toList());
    }
}
