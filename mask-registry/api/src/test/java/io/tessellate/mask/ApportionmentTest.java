package io.tessellate.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ApportionmentTest {
    @Test
    void remaindersGoToTheLargestAndAmongEqualsToTheFirst() {
        assertThat(Apportionment.of(10, new long[] {6, 6, 7}, new int[] {6, 6, 7}))
                .containsExactly(3, 3, 4);
        assertThat(Apportionment.of(5, new long[] {4, 4, 4}, new int[] {4, 4, 4}))
                .containsExactly(2, 2, 1);
    }

    @Test
    void whatATensorLacksTheOthersGive() {
        assertThat(Apportionment.of(30, new long[] {20, 20, 20}, new int[] {2, 20, 20}))
                .containsExactly(2, 14, 14);
        assertThat(Apportionment.of(30, new long[] {20, 20, 20}, new int[] {2, 13, 20}))
                .containsExactly(2, 13, 15);
    }

    @Test
    void theSharesAddUpAndDifferByLessThanOneFromTheSameShareOfEach() {
        SplittableRandom random = new SplittableRandom(1);
        for (int n = 0; n < 200; n++) {
            int[] most = random.ints(1 + random.nextInt(8), 0, 300).toArray();
            long[] sizes = IntStream.of(most).asLongStream().toArray();
            long size = IntStream.of(most).sum();
            long total = random.nextLong(size + 1);
            int[] shares = Apportionment.of(total, sizes, most);
            assertThat(IntStream.of(shares).sum()).isEqualTo(total);
            for (int t = 0; t < shares.length; t++) {
                assertThat(Math.abs(shares[t] - (double) total * sizes[t] / Math.max(1, size)))
                        .isLessThan(1);
            }
        }
    }

    @Test
    void noTensorGivesMoreThanItHas() {
        SplittableRandom random = new SplittableRandom(2);
        for (int n = 0; n < 200; n++) {
            long[] sizes = random.longs(1 + random.nextInt(8), 0, 300).toArray();
            int[] most = new int[sizes.length];
            for (int t = 0; t < most.length; t++) {
                most[t] = random.nextInt((int) sizes[t] + 1);
            }
            long total = random.nextLong(IntStream.of(most).sum() + 1);
            int[] shares = Apportionment.of(total, sizes, most);
            assertThat(IntStream.of(shares).sum()).isEqualTo(total);
            for (int t = 0; t < most.length; t++) {
                assertThat(shares[t]).isBetween(0, most[t]);
            }
        }
    }

    /** A share's numerator, weights of a model times weights of a tensor, is beyond 64 bits here. */
    @Test
    void tensorsOfTwoThousandMillionWeightsAreSharedOutExactly() {
        int most = Integer.MAX_VALUE - 63;
        int[] mosts = {most, most, most, most, most, 1000};
        long[] sizes = IntStream.of(mosts).asLongStream().toArray();
        long all = 5L * most + 1000;
        int[] shares = Apportionment.of(all / 2, sizes, mosts);
        assertThat(IntStream.of(shares).asLongStream().sum()).isEqualTo(all / 2);
        assertThat(shares).containsExactly(most / 2, most / 2, most / 2, most / 2, most / 2, 500);
        assertThat(Apportionment.of(all, sizes, mosts)).isEqualTo(mosts);
    }

    @Test
    void moreThanThereIsIsRefused() {
        assertThatThrownBy(() -> Apportionment.of(5, new long[] {4, 4}, new int[] {1, 3}))
                .hasMessage("5 weights are wanted but 4 may be chosen");
    }
}
