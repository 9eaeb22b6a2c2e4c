package io.tessellate.engine.train.curriculum;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.recipe.Seeds;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchOrderTest {
    private static final int[] LENGTHS = new Random(5).ints(333, 3, 60).toArray();
    private static final BatchOrder ORDER = new BatchOrder(LENGTHS, 16, 8, new Seeds(1), "train");

    @Test
    void everyExampleComesOnceAndTheLastPartialBatchIsKept() {
        List<int[]> batches = ORDER.epoch(0);
        assertThat(batches).hasSize(21).hasSize(ORDER.batchesPerEpoch());
        assertThat(batches.stream().flatMapToInt(IntStream::of).sorted().toArray())
                .isEqualTo(IntStream.range(0, 333).toArray());
    }

    @Test
    void theSameSeedAndEpochGiveTheSameBatches() {
        assertThat(new BatchOrder(LENGTHS, 16, 8, new Seeds(1), "train")
                        .epoch(3)
                        .toArray())
                .isEqualTo(ORDER.epoch(3).toArray());
    }

    @Test
    void epochsSeedsAndPurposesDiffer() {
        Object[] first = ORDER.epoch(0).toArray();
        assertThat(ORDER.epoch(1).toArray()).isNotEqualTo(first);
        assertThat(new BatchOrder(LENGTHS, 16, 8, new Seeds(2), "train")
                        .epoch(0)
                        .toArray())
                .isNotEqualTo(first);
        assertThat(new BatchOrder(LENGTHS, 16, 8, new Seeds(1), "calibrate")
                        .epoch(0)
                        .get(0))
                .isNotEqualTo(ORDER.epoch(0).get(0));
    }

    @Test
    void examplesOfABatchAreOfSimilarLength() {
        long padded = padding(ORDER.epoch(0));
        long unsorted = padding(IntStream.range(0, 21)
                .mapToObj(b ->
                        IntStream.range(b * 16, Math.min(333, b * 16 + 16)).toArray())
                .toList());
        assertThat(padded).isLessThan(unsorted / 3);
    }

    @Test
    void withoutAWindowLengthsAreNotLookedAt() {
        BatchOrder unsorted = new BatchOrder(LENGTHS, 16, 1, new Seeds(1), "train");
        assertThat(padding(unsorted.epoch(0))).isGreaterThan(3 * padding(ORDER.epoch(0)));
        assertThat(unsorted.epoch(0).stream()
                        .flatMapToInt(IntStream::of)
                        .sorted()
                        .toArray())
                .isEqualTo(IntStream.range(0, 333).toArray());
    }

    private static long padding(List<int[]> batches) {
        return batches.stream()
                .mapToLong(batch -> {
                    int max = IntStream.of(batch).map(i -> LENGTHS[i]).max().orElseThrow();
                    return IntStream.of(batch).map(i -> max - LENGTHS[i]).sum();
                })
                .sum();
    }

    @Test
    void fractionsOfAnEpochAreRoundedToStepsAndNeverVanish() {
        assertThat(ORDER.steps(2)).isEqualTo(42);
        assertThat(ORDER.steps(0.5)).isEqualTo(11);
        assertThat(ORDER.steps(0.001)).isEqualTo(1);
    }
}
