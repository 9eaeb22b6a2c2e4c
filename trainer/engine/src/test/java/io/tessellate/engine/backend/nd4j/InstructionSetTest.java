package io.tessellate.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstructionSetTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"flags : fma avx avx2 bmi2,true", "flags : avx avx2 avx512f avx512bw,false", "Features : neon,false"})
    void isReadFromTheListOfFlags(String flags, boolean avx2Only) throws IOException {
        Path description = Files.writeString(directory.resolve("cpuinfo"), flags + "\n");
        assertThat(InstructionSet.of(description).avx2Only()).isEqualTo(avx2Only);
    }

    @Test
    void isNotGuessedWhereNothingTells() {
        assertThat(InstructionSet.of(directory.resolve("none")).avx2Only()).isFalse();
    }

    /** Whatever this machine has: weight gradients come out right either way, and the same each time. */
    @ParameterizedTest
    @CsvSource({"1,1,1", "5,3,7", "33,20,130", "300,257,129", "70,1024,33", "5,2048,7"})
    void bothWaysOfATransposedProductAreExact(int depth, int rows, int columns) {
        new HostBackendProvider().open();
        Memory memory = new Nd4jMemory(HostVector::new);
        for (boolean avx2Only : new boolean[] {false, true}) {
            for (int threads = 1; threads < 4; threads++) {
                HostProducts products = new HostProducts(memory, new RowRunner(threads), new InstructionSet(avx2Only));
                try (FloatVector floats = memory.allocate(depth * (rows + columns) + rows * columns)) {
                    Matrix a = memory.matrix(floats, 0, depth, rows);
                    Matrix b = memory.matrix(floats, a.size(), depth, columns);
                    Matrix c = memory.matrix(floats, a.size() + b.size(), rows, columns);
                    double[] left = fill(a, 1);
                    double[] right = fill(b, 2);
                    double[] expected = ReferenceKernels.product(left, true, right, false, rows, depth, columns);
                    products.multiply(Product.ATB, a, b, c);
                    products.multiply(Product.ATB.accumulating(), a, b, c);
                    float[] result = values(c);
                    for (int i = 0; i < result.length; i++) {
                        assertThat((double) result[i]).isCloseTo(2 * expected[i], within(1e-3));
                    }
                    products.multiply(Product.ATB, a, b, c);
                    products.multiply(Product.ATB.accumulating(), a, b, c);
                    assertThat(values(c)).containsExactly(result);
                }
            }
        }
    }

    private static float[] values(Matrix matrix) {
        float[] values = new float[matrix.size()];
        matrix.get(values);
        return values;
    }

    private static double[] fill(Matrix matrix, long seed) {
        Random random = new Random(seed);
        float[] values = new float[matrix.size()];
        double[] wide = new double[matrix.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
            wide[i] = values[i];
        }
        matrix.put(values);
        return wide;
    }
}
