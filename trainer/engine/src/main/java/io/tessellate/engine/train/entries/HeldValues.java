package io.tessellate.engine.train.entries;

import io.tessellate.engine.model.weights.WeightPlaces;
import io.tessellate.engine.values.FloatBlocks;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Keeps some of the trained values where they were, bit for bit: they have no gradient, so they count for no norm, and are put
 * back after each step.
 *
 * @param anchor the values before training
 * @param held for each block which of its values stay
 */
public record HeldValues(FloatBlocks anchor, List<int[]> held) implements Penalty {
    /** Keeps the trained values at these places. */
    public static HeldValues at(WeightPlaces places, TrainedEntries entries, FloatBlocks anchor) {
        int[] counts = entries.blocks();
        return new HeldValues(
                anchor,
                IntStream.range(0, counts.length)
                        .mapToObj(b -> IntStream.range(0, counts[b])
                                .filter(n -> places.contains(entries.place(b, n)))
                                .toArray())
                        .toList());
    }

    @Override
    public void addGradient(FloatBlocks values, FloatBlocks gradient) {
        for (int b = 0; b < held.size(); b++) {
            for (int n : held.get(b)) {
                gradient.block(b)[n] = 0;
            }
        }
    }

    @Override
    public void afterStep(FloatBlocks values, long step) {
        for (int b = 0; b < held.size(); b++) {
            for (int n : held.get(b)) {
                values.block(b)[n] = anchor.block(b)[n];
            }
        }
    }
}
