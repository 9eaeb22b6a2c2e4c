package io.tessellate.engine.train.curriculum;

import io.tessellate.engine.recipe.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which examples share a sequence. Examples are shuffled, sorted by length within windows, and laid one behind the other
 * into sequences as long as there is room; so those of one sequence are of similar length. Fixed for a run: a function of
 * lengths and seed alone.
 *
 * @param members the examples of each sequence
 */
public record Packs(List<int[]> members) {
    public Packs {
        members = List.copyOf(members);
    }

    /** Every example in a sequence of its own. */
    public static Packs single(int examples) {
        return new Packs(
                IntStream.range(0, examples).mapToObj(e -> new int[] {e}).toList());
    }

    /**
     * Sequences of at most {@code room} tokens; an example that is longer has one of its own.
     *
     * @param window examples among which they are sorted by length
     */
    public static Packs of(int[] lengths, int room, int window, Random random) {
        Integer[] order =
                Arrays.stream(Seeds.permutation(lengths.length, random)).boxed().toArray(Integer[]::new);
        List<int[]> packs = new ArrayList<>();
        for (int from = 0; from < order.length; from += window) {
            int to = Math.min(order.length, from + window);
            Arrays.sort(order, from, to, Comparator.comparingInt(example -> lengths[example]));
            pack(order, from, to, lengths, room, packs);
        }
        return new Packs(packs);
    }

    private static void pack(Integer[] order, int from, int to, int[] lengths, int room, List<int[]> packs) {
        int first = from;
        int used = 0;
        for (int i = from; i < to; i++) {
            int length = lengths[order[i]];
            if (i > first && used + length > room) {
                packs.add(examples(order, first, i));
                first = i;
                used = 0;
            }
            used += length;
        }
        packs.add(examples(order, first, to));
    }

    private static int[] examples(Integer[] order, int from, int to) {
        return Arrays.stream(order, from, to).mapToInt(Integer::intValue).toArray();
    }

    /** The longest example of each sequence: what batches are sorted by, since attention is padded to it. */
    int[] longest(int[] lengths) {
        return members.stream()
                .mapToInt(pack -> IntStream.of(pack).map(e -> lengths[e]).max().orElseThrow())
                .toArray();
    }

    /** The examples of some sequences, sequence after sequence. */
    public int[] examples(int[] sequences) {
        return IntStream.of(sequences)
                .flatMap(sequence -> IntStream.of(members.get(sequence)))
                .toArray();
    }
}
