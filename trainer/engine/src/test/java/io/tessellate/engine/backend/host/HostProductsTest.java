package io.tessellate.engine.backend.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.ReferenceKernels;
import io.tessellate.engine.backend.nd4j.InstructionSet;
import io.tessellate.engine.backend.nd4j.Nd4jMemory;
import io.tessellate.engine.backend.nd4j.Nd4jProducts;
import io.tessellate.safetensors.BrainFloat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numeric")
@Tag("kernel")
class HostProductsTest {
    /** Whatever this machine has: weight gradients come out right either way, and the same each time. */
    @ParameterizedTest
    @CsvSource({"1,1,1", "5,3,7", "33,20,130", "300,257,129", "70,1024,33", "5,2048,7"})
    void bothWaysOfATransposedProductAreExact(int depth, int rows, int columns) {
        new HostBackendProvider().open();
        Memory memory = new Nd4jMemory(HostVector::new, HostRoundedVector::new);
        for (boolean avx2Only : new boolean[] {false, true}) {
            for (int threads = 1; threads < 4; threads++) {
                HostProducts products = new HostProducts(
                        memory, new RowRunner(threads), new InstructionSet(avx2Only ? "avx2" : "avx512"));
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
                    double[] magnitudes = ReferenceKernels.product(
                            ReferenceKernels.absolute(left),
                            true,
                            ReferenceKernels.absolute(right),
                            false,
                            rows,
                            depth,
                            columns);
                    Rounding.single(2L * depth)
                            .assertClose(
                                    Rounding.widened(result),
                                    Arrays.stream(expected).map(x -> 2 * x).toArray(),
                                    Arrays.stream(magnitudes).map(x -> 2 * x).toArray());
                    products.multiply(Product.ATB, a, b, c);
                    products.multiply(Product.ATB.accumulating(), a, b, c);
                    assertThat(values(c)).isEqualTo(result);
                }
            }
        }
    }

    /**
     * With instructions for bf16, where this machine has them, and without: sums of the same numbers, rounded to the nearest
     * or a neighbour.
     */
    @ParameterizedTest
    @CsvSource({"1,1,1", "33,20,130", "300,257,129"})
    void everyWayOfARoundedProductGivesTheSameNumbers(int depth, int rows, int columns) {
        new HostBackendProvider().open();
        Memory memory = new Nd4jMemory(HostVector::new, HostRoundedVector::new);
        try (FloatVector floats = memory.allocate(depth * (rows + columns) + rows * columns)) {
            Matrix a = memory.matrix(floats, 0, depth, rows);
            Matrix b = memory.matrix(floats, a.size(), depth, columns);
            Matrix c = memory.matrix(floats, a.size() + b.size(), rows, columns);
            double[] left = rounded(fill(a, 1));
            double[] right = rounded(fill(b, 2));
            double[] expected = ReferenceKernels.product(left, true, right, false, rows, depth, columns);
            double largest = Rounding.largest(expected);
            for (boolean brainFloats : ways()) {
                HostProducts products =
                        new HostProducts(memory, new RowRunner(1), new InstructionSet("avx512", brainFloats));
                assertThat(products.rounding().fast()).isEqualTo(brainFloats);
                products.multiplyRounded(Product.ATB, a.narrow(), b, c);
                products.multiplyRounded(Product.ATB.accumulating(), a, b.narrow(), c);
                float[] twice = values(c);
                for (int i = 0; i < twice.length; i++) {
                    assertThat((double) twice[i])
                            .isCloseTo(2 * expected[i], within(Math.abs(expected[i]) * 0x1p-6 + largest * 0x1p-19));
                }
            }
        }
    }

    /** Parts are computed as the whole is, down to the last bit, so that any number of threads trains the same model. */
    @ParameterizedTest
    @CsvSource({"256,64,32", "300,257,129", "513,100,260", "1024,256,256", "1024,1024,256", "640,768,384", "1000,31,33"
    })
    @Tag("avx512")
    void anyNumberOfThreadsGivesTheSameBits(int rows, int depth, int columns) {
        new HostBackendProvider().open();
        InstructionSet processor = InstructionSet.ofProcessor();
        assumeThat(processor.name()).isEqualTo("avx512");
        Memory memory = new Nd4jMemory(HostVector::new, HostRoundedVector::new);
        int largest = rows * depth + depth * columns + rows * columns;
        try (FloatVector floats = memory.allocate(largest)) {
            Matrix a = memory.matrix(floats, 0, rows, depth);
            Matrix c = memory.matrix(floats, rows * depth + depth * columns, rows, columns);
            fill(a, 1);
            for (Product form : List.of(Product.AB, Product.ABT)) {
                Matrix b = form.transposeB()
                        ? memory.matrix(floats, a.size(), columns, depth)
                        : memory.matrix(floats, a.size(), depth, columns);
                fill(b, 2);
                List<List<Integer>> results = new ArrayList<>();
                for (int threads : new int[] {1, 2, 3, 4}) {
                    Products products = new Nd4jProducts(
                            memory,
                            processor.brainFloats(),
                            new HostProductThreads(new KernelThreads(threads), threads));
                    products.multiply(form, a, b, c);
                    products.multiply(form.accumulating(), a, b, c);
                    float[] exact = values(c);
                    products.multiplyRounded(form, a, b.narrow(), c);
                    products.multiplyRounded(form.accumulating(), a, b.narrow(), c);
                    results.add(List.of(Arrays.hashCode(exact), Arrays.hashCode(values(c))));
                }
                assertThat(results).as(form.toString()).containsOnly(results.get(0));
            }
        }
    }

    private static List<Boolean> ways() {
        return InstructionSet.ofProcessor().brainFloats() ? List.of(false, true) : List.of(false);
    }

    private static double[] rounded(double[] values) {
        return Arrays.stream(values).map(x -> BrainFloat.nearest((float) x)).toArray();
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
