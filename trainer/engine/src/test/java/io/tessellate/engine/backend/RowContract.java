package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.assertClose;
import static io.tessellate.engine.backend.KernelContract.assertSame;
import static io.tessellate.engine.backend.KernelContract.doubled;
import static io.tessellate.engine.backend.KernelContract.wide;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums over rows and with rows, table look-ups, the loss. */
interface RowContract extends KernelContract {
    @Sizes
    default void everyEntryIsMultipliedWithAFactor(int rows, int columns) {
        Matrix x = random(rows, columns);
        double[] expected = Arrays.stream(wide(x)).map(v -> (float) v * 2.5f).toArray();
        backend().rows().scale(x, 2.5f);
        assertSame(x, expected);
    }

    @Sizes
    default void biasesAndResidualsAreAddedToEveryRow(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix bias = random(1, columns);
        Matrix residual = random(rows, columns);
        double[] once = ReferenceKernels.addRow(wide(x), wide(bias));
        backend().rows().addBias(x, bias);
        assertClose(x, once, Rounding.single(1));
        double[] twice = ReferenceKernels.addRow(ReferenceKernels.addRow(once, wide(bias)), wide(residual));
        backend().rows().addBiasAndResidual(x, bias, residual);
        assertClose(x, twice, Rounding.single(3));
        double[] thrice = ReferenceKernels.addRow(wide(x), wide(residual));
        backend().rows().add(x, residual);
        assertClose(x, thrice, Rounding.single(1));
    }

    @Sizes
    default void columnSumsAreAddedToWhatIsThere(int rows, int columns) {
        Matrix x = random(rows, columns);
        Matrix sums = random(1, columns);
        double[] before = wide(sums);
        double[] expected = ReferenceKernels.addRow(before, ReferenceKernels.columnSums(wide(x), columns));
        backend().rows().addColumnSums(x, sums);
        double[] magnitudes = ReferenceKernels.addRow(
                ReferenceKernels.absolute(before),
                ReferenceKernels.columnSums(ReferenceKernels.absolute(wide(x)), columns));
        Rounding.single(rows + 1L).assertClose(wide(sums), expected, magnitudes);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "9,5,30", "40,64,3", "3000,12,500"})
    default void rowsAreGatheredAndScatteredWithRepetitions(int count, int columns, int tableRows) {
        Matrix table = random(tableRows, columns);
        Matrix rows = empty(count, columns);
        int[] ids = draws().ints(count, 0, tableRows).toArray();
        double[] before = wide(table);
        double[] expected = new double[count * columns];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = before[ids[i / columns] * columns + i % columns];
        }
        backend().rows().gatherRows(table, ids, rows, false);
        assertSame(rows, expected);
        backend().rows().gatherRows(table, ids, rows, true);
        assertSame(rows, doubled(expected));
        double[] sums = before.clone();
        double[] magnitudes = ReferenceKernels.absolute(before);
        for (int i = 0; i < expected.length; i++) {
            sums[ids[i / columns] * columns + i % columns] += 2 * expected[i];
            magnitudes[ids[i / columns] * columns + i % columns] += Math.abs(2 * expected[i]);
        }
        backend().rows().scatterAddRows(rows, ids, table);
        Rounding.single(count + 1L).assertClose(wide(table), sums, magnitudes);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "5,7", "33,300", "3,9001"})
    default void crossEntropyAndItsSlopeAreExact(int rows, int columns) {
        Matrix logits = random(rows, columns);
        int[] targets = draws().ints(rows, 0, columns).toArray();
        double[] expected = wide(logits);
        double loss = 0;
        for (int r = 0; r < rows; r++) {
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                sum += Math.exp(expected[r * columns + c]);
            }
            loss += Math.log(sum) - expected[r * columns + targets[r]];
            for (int c = 0; c < columns; c++) {
                double p = Math.exp(expected[r * columns + c]) / sum;
                expected[r * columns + c] = 0.5 * (p - (c == targets[r] ? 1 : 0));
            }
        }
        Rounding rounding = Rounding.single(rows + columns + 2L * Rounding.FUNCTION);
        assertThat(backend().rows().crossEntropy(logits, targets, 0.5f))
                .isCloseTo(loss, rounding.of(Math.max(1, loss)));
        assertClose(logits, expected, rounding);
    }
}
