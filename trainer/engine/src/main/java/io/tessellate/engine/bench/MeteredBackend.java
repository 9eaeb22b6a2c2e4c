package io.tessellate.engine.bench;

import io.tessellate.engine.backend.ActivationKernels;
import io.tessellate.engine.backend.AttentionKernels;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.NormKernels;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.RowKernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backend whose calls are timed. It goes between model and backend, so that neither knows of being measured. */
record MeteredBackend(Backend backend, PartClock clock) implements Backend {
    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String description() {
        return backend.description();
    }

    @Override
    public Map<String, String> environment() {
        return backend.environment();
    }

    @Override
    public Memory memory() {
        return backend.memory();
    }

    @Override
    public Products products() {
        return (product, a, b, c) -> {
            Part part = partOf(product);
            // Every entry of A is multiplied with as many of B as the result has columns.
            clock.addFlops(part, 2.0 * a.size() * c.columns());
            clock.time(part, () -> backend.products().multiply(product, a, b, c));
        };
    }

    private static Part partOf(Product product) {
        if (product.transposeB()) {
            return Part.GEMM_FORWARD;
        }
        return product.transposeA() ? Part.GEMM_WEIGHT : Part.GEMM_INPUT;
    }

    @Override
    public RowKernels rows() {
        return metered(RowKernels.class, backend.rows(), Part.ROWS);
    }

    @Override
    public ActivationKernels activations() {
        return metered(ActivationKernels.class, backend.activations(), Part.ROWS);
    }

    @Override
    public NormKernels norms() {
        return metered(NormKernels.class, backend.norms(), Part.ROWS);
    }

    @Override
    public AttentionKernels attention() {
        return metered(AttentionKernels.class, backend.attention(), Part.ATTENTION);
    }

    /** The same kernels, whose calls are on a part's account; those with tables on the embeddings'. */
    private <T> T metered(Class<T> kind, T kernels, Part part) {
        return kind.cast(Proxy.newProxyInstance(
                kind.getClassLoader(), new Class<?>[] {kind}, (proxy, method, given) -> {
                    boolean table = method.getName().equals("gatherRows")
                            || method.getName().equals("scatterAddRows");
                    long start = System.nanoTime();
                    try {
                        return call(method, kernels, given);
                    } finally {
                        clock.add(table ? Part.EMBEDDING : part, System.nanoTime() - start);
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
