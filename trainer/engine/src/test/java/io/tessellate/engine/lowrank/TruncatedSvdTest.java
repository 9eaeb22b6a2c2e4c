package io.tessellate.engine.lowrank;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.Rounding;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TruncatedSvdTest {
    private final Random random = new Random(3);

    /** Rows that are orthogonal and of length one. */
    private double[][] orthonormal(int count, int length) {
        double[][] rows = new double[count][length];
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < length; i++) {
                rows[k][i] = random.nextGaussian();
            }
            for (int pass = 0; pass < 2; pass++) {
                for (int other = 0; other < k; other++) {
                    double dot = dot(rows[k], rows[other]);
                    for (int i = 0; i < length; i++) {
                        rows[k][i] -= dot * rows[other][i];
                    }
                }
            }
            double norm = Math.sqrt(dot(rows[k], rows[k]));
            for (int i = 0; i < length; i++) {
                rows[k][i] /= norm;
            }
        }
        return rows;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"40, 25", "25, 40", "30, 30"})
    void valuesAndVectorsOfAKnownDecompositionAreFound(int rows, int columns) {
        double[][] left = orthonormal(20, rows);
        double[][] right = orthonormal(20, columns);
        float[] matrix = new float[rows * columns];
        for (int k = 0; k < 20; k++) {
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    matrix[i * columns + j] += (float) (Math.pow(0.7, k) * left[k][i] * right[k][j]);
                }
            }
        }
        TruncatedSvd svd = TruncatedSvd.of(matrix, rows, columns, 5, new Random(1));
        Rounding ofSum = Rounding.single((long) rows * columns);
        assertThat(svd.values()).hasSize(5);
        for (int k = 0; k < 5; k++) {
            assertThat(svd.values()[k]).isCloseTo(Math.pow(0.7, k), ofSum.of(1));
            assertThat(dot(svd.left()[k], left[k]) * dot(svd.right()[k], right[k]))
                    .isCloseTo(1, ofSum.of(Math.pow(0.7, -k)));
        }
    }

    @Test
    void aMatrixOfLowerRankHasZerosBehindIt() {
        float[] matrix = new float[8 * 5];
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 5; j++) {
                matrix[i * 5 + j] = (i + 1) * (j - 2);
            }
        }
        TruncatedSvd svd = TruncatedSvd.of(matrix, 8, 5, 9, new Random(1));
        assertThat(svd.values()).hasSize(5);
        Rounding ofSum = Rounding.single(8 * 5);
        assertThat(svd.values()[0]).isCloseTo(Math.sqrt(204 * 10), ofSum.of(Math.sqrt(204 * 10)));
        for (int k = 1; k < 5; k++) {
            assertThat(svd.values()[k]).isLessThan(ofSum.bound(Math.sqrt(204 * 10)));
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        float[] matrix = new float[300];
        for (int n = 0; n < matrix.length; n++) {
            matrix[n] = (float) random.nextGaussian();
        }
        double[][] once = TruncatedSvd.of(matrix, 15, 20, 4, new Random(9)).right();
        assertThat(TruncatedSvd.of(matrix, 15, 20, 4, new Random(9)).right()).isDeepEqualTo(once);
    }
}
