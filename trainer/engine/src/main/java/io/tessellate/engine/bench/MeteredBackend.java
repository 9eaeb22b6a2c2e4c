package io.tessellate.engine.bench;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose calls are timed. It goes between model and backend, so that neither knows of being measured; an operation
 * it was not told about counts as a row kernel.
 */
final class MeteredBackend implements InvocationHandler {
    private static final Set<String> NOT_TIMED =
            Set.of("name", "description", "allocate", "allocateOnly", "allocatedBytes", "matrix", "attention");
    private static final Map<String, Part> PARTS = Map.of(
            "attend", Part.ATTENTION,
            "attendBackward", Part.ATTENTION,
            "attendNext", Part.ATTENTION,
            "rotate", Part.ATTENTION,
            "keep", Part.ATTENTION,
            "gatherRows", Part.EMBEDDING,
            "scatterAddRows", Part.EMBEDDING);

    private final Backend backend;
    private final PartClock clock;

    private MeteredBackend(Backend backend, PartClock clock) {
        this.backend = backend;
        this.clock = clock;
    }

    static Backend of(Backend backend, PartClock clock) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, new MeteredBackend(backend, clock));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (NOT_TIMED.contains(method.getName()) || arguments == null || method.getDeclaringClass() == Object.class) {
            return call(method, arguments);
        }
        Part part = part(method, arguments);
        long start = System.nanoTime();
        Object result = call(method, arguments);
        clock.add(part, System.nanoTime() - start);
        return result;
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(backend, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Part part(Method method, Object[] arguments) {
        if (arguments[0] instanceof Product product) {
            Part part = partOf(product);
            Matrix a = (Matrix) arguments[1];
            Matrix c = (Matrix) arguments[3];
            // Every entry of A is multiplied with as many of B as the result has columns.
            clock.addFlops(part, 2.0 * a.size() * c.columns());
            return part;
        }
        return PARTS.getOrDefault(method.getName(), Part.ROWS);
    }

    private static Part partOf(Product product) {
        if (product.transposeB()) {
            return Part.GEMM_FORWARD;
        }
        return product.transposeA() ? Part.GEMM_WEIGHT : Part.GEMM_INPUT;
    }
}
