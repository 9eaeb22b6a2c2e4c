package io.tessellate.engine.bench;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.RowKernels;
import io.tessellate.engine.backend.forwarding.ForwardingBackend;
import io.tessellate.engine.backend.forwarding.ForwardingProducts;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A backend whose calls are timed. It goes between model and backend, so that neither knows of being measured. */
record MeteredBackend(Backend backend, PartClock clock) implements ForwardingBackend {
    @Override
    public Products products() {
        return new MeteredProducts(backend.products(), clock);
    }

    /** Products whose calls are timed. */
    private record MeteredProducts(Products products, PartClock clock) implements ForwardingProducts {
        @Override
        public void multiply(Product product, Matrix a, Matrix b, Matrix c) {
            time(product, a, c, () -> products.multiply(product, a, b, c));
        }

        @Override
        public void multiplyRounded(Product product, Matrix a, Matrix b, Matrix c) {
            time(product, a, c, () -> products.multiplyRounded(product, a, b, c));
        }

        @Override
        public void multiplyBy(Product product, Matrix a, Matrix weight, Matrix c) {
            time(product, a, c, () -> products.multiplyBy(product, a, weight, c));
        }

        @Override
        public Operand operand(Matrix matrix) {
            Operand[] made = new Operand[1];
            clock.time(StepPart.GEMM_INPUT, () -> made[0] = products.operand(matrix));
            return made[0];
        }

        private void time(Product product, Matrix a, Matrix c, Runnable work) {
            StepPart part = partOf(product);
            // Every entry of A is multiplied with as many of B as the result has columns.
            clock.addFlops(part, 2.0 * a.size() * c.columns());
            clock.time(part, work);
        }
    }

    private static StepPart partOf(Product product) {
        if (product.transposeB()) {
            return StepPart.GEMM_FORWARD;
        }
        return product.transposeA() ? StepPart.GEMM_WEIGHT : StepPart.GEMM_INPUT;
    }

    @Override
    public RowKernels rows() {
        return metered(RowKernels.class, backend.rows(), StepPart.ROWS);
    }

    @Override
    public ActivationKernels activations() {
        return metered(ActivationKernels.class, backend.activations(), StepPart.ROWS);
    }

    @Override
    public NormKernels norms() {
        return metered(NormKernels.class, backend.norms(), StepPart.ROWS);
    }

    @Override
    public AttentionKernels attention() {
        return metered(AttentionKernels.class, backend.attention(), StepPart.ATTENTION);
    }

    /** The same kernels, whose calls are on a part's account; those with tables on the embeddings'. */
    private <T> T metered(Class<T> kind, T kernels, StepPart part) {
        return kind.cast(Proxy.newProxyInstance(
                kind.getClassLoader(), new Class<?>[] {kind}, (proxy, method, given) -> {
                    boolean table = method.getName().equals("gatherRows")
                            || method.getName().equals("scatterAddRows");
                    long start = System.nanoTime();
                    try {
                        return call(method, kernels, given);
                    } finally {
                        clock.add(table ? StepPart.EMBEDDING : part, System.nanoTime() - start);
                    }
                }));
    }

    private static @Nullable Object call(Method method, Object kernels, Object @Nullable [] given) throws Throwable {
        try {
            return method.invoke(kernels, given);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
