package io.tessellate.mask.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpectralNormTest {
    @ParameterizedTest
    @CsvSource({"1,1", "1,7", "5,1", "3,3", "4,9", "13,13", "20,6", "40,52"})
    void theNormIsTheLargestSingularValueOfTheRealEmbedding(int rows, int columns) {
        SplittableRandom random = new SplittableRandom(rows * 100L + columns);
        double[] real = random.doubles((long) rows * columns, -1, 1).toArray();
        double[] imaginary = random.doubles((long) rows * columns, -1, 1).toArray();

        double norm = SpectralNorm.of(real, imaginary, rows, columns, Double.POSITIVE_INFINITY);

        assertThat(norm).isCloseTo(dense(real, imaginary, rows, columns), within(1e-10));
    }

    @ParameterizedTest
    @CsvSource({"6,6", "3,8"})
    void matricesOfLowRankEndEarly(int rows, int columns) {
        double[] ones = new double[rows * columns];
        Arrays.fill(ones, 1);

        double norm = SpectralNorm.of(ones, new double[ones.length], rows, columns, Double.POSITIVE_INFINITY);

        assertThat(norm).isCloseTo(Math.sqrt(rows * columns), within(1e-12));
    }

    private static double dense(double[] real, double[] imaginary, int rows, int columns) {
        RealMatrix embedding = new Array2DRowRealMatrix(2 * rows, 2 * columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double re = real[i * columns + j];
                double im = imaginary[i * columns + j];
                embedding.setEntry(i, j, re);
                embedding.setEntry(rows + i, columns + j, re);
                embedding.setEntry(i, columns + j, -im);
                embedding.setEntry(rows + i, j, im);
            }
        }
        return new SingularValueDecomposition(embedding).getNorm();
    }
}
