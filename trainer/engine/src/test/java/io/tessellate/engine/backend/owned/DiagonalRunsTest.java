package io.tessellate.engine.backend.owned;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.expander.LiftedTensor;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagonalRunsTest {
    private static int[] lifted(int rows, int columns, int classes, int liftClass) {
        LiftedTensor lift = LiftedTensor.of(new EligibleTensor("w", rows, columns), classes, 7, 0);
        int[] entries = new int[lift.cells(liftClass)];
        int[] next = {0};
        lift.forEach(liftClass, index -> entries[next[0]++] = index);
        return entries;
    }

    /** Whole blocks, cropped blocks, more rows than columns and the reverse. */
    @ParameterizedTest
    @CsvSource({"96,96,32", "100,130,33", "130,100,33", "200,75,25", "75,301,25", "256,256,80"})
    void aClassOfALiftIsAFewRunsThatHoldEachEntryOnce(int rows, int columns, int classes) {
        int[] entries = lifted(rows, columns, classes, 3);
        DiagonalRuns runs = DiagonalRuns.of(entries, rows, columns);
        assertThat(runs).isNotNull();
        assertThat(runs.size()).isEqualTo(entries.length);
        int placed = 0;
        for (int run = 0; run < runs.lengths().length; run++) {
            int start = runs.rows()[run] * columns + runs.columns()[run];
            for (int step = 0; step < runs.lengths()[run]; step++) {
                assertThat(entries[runs.targets()[placed++]]).isEqualTo(start + step * (columns + 1));
            }
        }
        assertThat(runs.targets())
                .containsExactlyInAnyOrder(IntStream.range(0, entries.length).toArray());
    }

    @ParameterizedTest
    @CsvSource({"64,48,10", "33,7,231", "5,5,1", "1,9,4", "300,20,30"})
    void scatteredEntriesHaveNone(int rows, int columns, int count) {
        int[] entries = new Random(5)
                .ints(0, rows * columns)
                .distinct()
                .limit(count)
                .sorted()
                .toArray();
        assertThat(DiagonalRuns.of(entries, rows, columns)).isNull();
    }

    @Test
    void thePiecesOfARowComeOneBehindTheOther() {
        float[] target = new float[4];
        DiagonalRuns.spread(new float[] {0, 1, 2, 3, 4, 5}, new int[] {4, 0}, new int[] {1, 3}, target);
        assertThat(target).containsExactly(4, 0, 1, 2);
    }
}
