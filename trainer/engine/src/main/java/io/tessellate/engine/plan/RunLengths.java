package io.tessellate.engine.plan;

import io.tessellate.engine.recipe.Phase;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All that a run's memory needs to know of its examples: how long they are.
 *
 * @param text whether it learns completions, through the model's own prediction of tokens, and no head
 * @param examples of the train split
 * @param batches what each phase sees
 * @param held examples that tell when to stop
 * @param earlier tasks that are looked back at
 * @param bytes that the train split takes in tokens, and what is remembered
 */
public record RunLengths(
        boolean text,
        int examples,
        Map<Phase, SeenBatches> batches,
        List<int[]> held,
        List<Remembered> earlier,
        long bytes) {
    /** Copies everything but the lengths. */
    public RunLengths {
        batches = Map.copyOf(batches);
        held = List.copyOf(held);
        earlier = List.copyOf(earlier);
    }

    /**
     * An earlier task.
     *
     * @param text whether it learnt completions
     * @param outputs of its head
     * @param memory the examples that are remembered; none where its head is all that is asked
     * @param asked those of them about which its own view is asked
     */
    public record Remembered(boolean text, int outputs, List<int[]> memory, List<int[]> asked) {
        /** Copies the lists. */
        public Remembered {
            memory = List.copyOf(memory);
            asked = List.copyOf(asked);
        }
    }

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

    /** What a phase sees of the own examples; nothing where it does not come. */
    SeenBatches seen(Phase phase) {
        return batches.getOrDefault(phase, SeenBatches.NONE);
    }

    /** Whether examples of an earlier task are looked at. */
    boolean remembers() {
        return earlier.stream().anyMatch(task -> !task.memory().isEmpty());
    }

    /** How many earlier tasks have a head, which own inputs can go through. */
    public long earlierHeads() {
        return earlier.stream().filter(task -> !task.text()).count();
    }

    /**
     * Batches of nothing but the longest sequences.
     *
     * @param batch examples of each
     * @param length tokens of each
     * @param held whether some are held out
     * @param tasks how many earlier tasks are looked back at, as large as this one and of its kind
     * @param examples how many there are
     * @param memory share of as many that each earlier task remembers; 0 where their heads are all that is asked
     * @param maskData whether the mask is calibrated on as many others, which nothing else looks at
     */
    public static RunLengths full(
            boolean text,
            int batch,
            int length,
            boolean held,
            int tasks,
            int examples,
            double memory,
            boolean maskData) {
        SeenBatches step = SeenBatches.single(Collections.nCopies(batch, new int[] {length}));
        Map<Phase, SeenBatches> batches = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            batches.put(phase, step);
        }
        int most = memory == 0 ? 0 : Math.max(1, (int) Math.round(memory * examples));
        List<int[]> remembered = Collections.nCopies(most, new int[] {length});
        List<Remembered> earlier =
                Collections.nCopies(tasks, new Remembered(text, text ? 0 : 2, remembered, remembered));
        List<int[]> outside = held ? Collections.nCopies(64, new int[] {length}) : List.of();
        long each = bytes(new int[] {length});
        long splits = 1L + (most == 0 ? 0 : tasks) + (maskData ? 1 : 0);
        return new RunLengths(text, examples, batches, outside, earlier, each * examples * splits);
    }

    /** Bytes of an example in tokens: ids and types of each sequence, and the objects around them. */
    public static long bytes(int[] sequences) {
        long sum = 112;
        for (int length : sequences) {
            sum += 64 + 2L * Integer.BYTES * length;
        }
        return sum;
    }
}
