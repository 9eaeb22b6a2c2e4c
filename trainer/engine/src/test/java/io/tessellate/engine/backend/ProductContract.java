package io.tessellate.engine.backend;

import static io.tessellate.engine.backend.KernelContract.doubled;
import static io.tessellate.engine.backend.KernelContract.wide;

import io.tessellate.engine.Rounding;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Matrix products. */
interface ProductContract extends KernelContract {
    @ParameterizedTest
    @CsvSource({"1,1,1", "3,5,7", "20,33,11", "64,64,64", "129,40,257"})
    default void aProductOverwritesOrAddsInEveryForm(int m, int k, int n) {
        for (boolean ta : new boolean[] {false, true}) {
            for (boolean tb : new boolean[] {false, true}) {
                kernels().reuse();
                Matrix a = random(ta ? k : m, ta ? m : k);
                Matrix b = random(tb ? n : k, tb ? k : n);
                Matrix c = empty(m, n);
                float[] nothing = new float[c.size()];
                Arrays.fill(nothing, Float.NaN);
                c.put(nothing);
                Product product = new Product(ta, tb, false);
                double[] expected = ReferenceKernels.product(wide(a), ta, wide(b), tb, m, k, n);
                backend().products().multiply(product, a, b, c);
                double[] magnitudes = ReferenceKernels.product(
                        ReferenceKernels.absolute(wide(a)), ta, ReferenceKernels.absolute(wide(b)), tb, m, k, n);
                Rounding.single(k).assertClose(wide(c), expected, magnitudes);
                backend().products().multiply(product.accumulating(), a, b, c);
                Rounding.single(2L * k).assertClose(wide(c), doubled(expected), doubled(magnitudes));
            }
        }
    }
}
