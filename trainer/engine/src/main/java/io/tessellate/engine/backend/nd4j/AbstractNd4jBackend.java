package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** Memory, views and matrix products, which both backends leave to ND4J. */
abstract class AbstractNd4jBackend implements Backend {
    private final AtomicLong allocated = new AtomicLong();

    /** Wraps a fresh array; {@code onClose} must be told the array's length once. */
    abstract Nd4jVector wrap(INDArray array, LongConsumer onClose);

    @Override
    public final FloatVector allocate(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a vector needs at least one float, not " + size);
        }
        Nd4jVector vector =
                wrap(Nd4j.create(DataType.FLOAT, size), length -> allocated.addAndGet(-Float.BYTES * length));
        allocated.addAndGet((long) Float.BYTES * size);
        return vector;
    }

    @Override
    public final FloatVector allocateOnly(int size, int[] places) {
        OwnedVector vector = new OwnedVector(size, places, length -> allocated.addAndGet(-Float.BYTES * length));
        allocated.addAndGet((long) Float.BYTES * places.length);
        return vector;
    }

    @Override
    public final long allocatedBytes() {
        return allocated.get();
    }

    @Override
    public final Matrix matrix(FloatVector memory, int offset, int rows, int columns) {
        if (memory instanceof OwnedVector owned) {
            return owned.matrix(offset, rows, columns);
        }
        Nd4jVector vector = (Nd4jVector) memory;
        INDArray view = vector.range(offset, Math.multiplyExact(rows, columns)).reshape('c', rows, columns);
        return new Nd4jMatrix(vector, offset, rows, columns, view);
    }

    @Override
    public final void multiply(Product product, Matrix a, Matrix b, Matrix c) {
        if (c instanceof OwnedMatrix owned) {
            multiplyOwned(product, a, b, owned);
        } else {
            multiply(product, array(a), array(b), array(c));
        }
    }

    private void multiplyOwned(Product product, Matrix a, Matrix b, OwnedMatrix c) {
        if (!product.transposeA() || product.transposeB()) {
            throw new IllegalArgumentException("only A^T B goes into a matrix that keeps some entries only");
        }
        if (!product.accumulate()) {
            c.clear();
        }
        if (c.entries().length > 0) {
            addOwned(a, b, c);
        }
    }

    /** c += A^T B where c keeps it: the whole product, then the entries. */
    void addOwned(Matrix a, Matrix b, OwnedMatrix c) {
        FloatVector memory = c.memory().products(c.size(), () -> allocate(c.size()));
        Matrix whole = matrix(memory, 0, c.rows(), c.columns());
        multiply(Product.ATB, a, b, whole);
        c.add(whole);
    }

    /** Native code takes row-major results and strided views as they are, so nothing is copied here. */
    static void multiply(Product product, INDArray a, INDArray b, INDArray c) {
        MMulTranspose form = MMulTranspose.builder()
                .transposeA(product.transposeA())
                .transposeB(product.transposeB())
                .build();
        Nd4j.exec(new Mmul(a, b, c, 1.0, product.accumulate() ? 1.0 : 0.0, form));
    }

    static INDArray array(Matrix matrix) {
        Nd4jMatrix own = (Nd4jMatrix) matrix;
        own.memory().array();
        return own.array();
    }
}
