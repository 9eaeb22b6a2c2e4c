package io.tessellate.engine.train.curriculum;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.recipe.Seeds;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The train split in two: what is trained on, and a share that only tells when to stop. A function of the seed.
 *
 * @param train in the order of the split
 * @param held in the order of the split; empty if nothing is held out
 */
public record HeldOutSplit(List<EncodedExample> train, List<EncodedExample> held) {
    public static HeldOutSplit of(List<EncodedExample> examples, double share, Seeds seeds) {
        int count = (int) Math.round(share * examples.size());
        if (share > 0) {
            count = Math.min(examples.size() - 1, Math.max(1, count));
        }
        boolean[] out = new boolean[examples.size()];
        IntStream.of(Seeds.permutation(examples.size(), seeds.of("held-out")))
                .limit(count)
                .forEach(i -> out[i] = true);
        return new HeldOutSplit(part(examples, out, false), part(examples, out, true));
    }

    private static List<EncodedExample> part(List<EncodedExample> examples, boolean[] out, boolean wanted) {
        return IntStream.range(0, examples.size())
                .filter(i -> out[i] == wanted)
                .mapToObj(examples::get)
                .toList();
    }
}
