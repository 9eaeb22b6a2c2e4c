package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.owned.OwnedMatrix;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products by ND4J. */
public class Nd4jProducts implements Products {
    private static final Rounding ONEDNN = new Rounding(true, "oneDNN");
    private static final Rounding EXACT = new Rounding(false, "in single precision");

    private final Memory memory;
    private final boolean brainFloats;
    private final ProductThreads threads;

    /** As many as products of bf16 numbers were ever computed at the same time. */
    private final Queue<RoundedProduct> rounded = new ConcurrentLinkedQueue<>();

    /** As many as matrices were ever held at the same time. */
    private final Queue<RoundedProduct.Room> operands = new ConcurrentLinkedQueue<>();

    /**
     * Products, with room for those of which only some entries are kept.
     *
     * @param brainFloats whether ND4J's products of bf16 numbers are faster than those of single precision
     * @param threads that divide what can be divided
     */
    public Nd4jProducts(Memory memory, boolean brainFloats, ProductThreads threads) {
        this.memory = memory;
        this.brainFloats = brainFloats;
        this.threads = threads;
    }

    @Override
    public final Rounding rounding() {
        return brainFloats ? ONEDNN : EXACT;
    }

    @Override
    public final void multiply(Product product, Matrix a, Matrix b, Matrix c) {
        if (c instanceof OwnedMatrix owned) {
            multiplyOwned(product, a, b, owned, this::multiplyWhole);
        } else {
            multiplyWhole(product, a, b, c);
        }
    }

    @Override
    public final void multiplyRounded(Product product, Matrix a, Matrix b, Matrix c) {
        if (c instanceof OwnedMatrix owned) {
            multiplyOwned(product, a, b, owned, this::multiplyWholeRounded);
        } else {
            multiplyWholeRounded(product, a, b, c);
        }
    }

    @Override
    public final Operand roundedOperand(Matrix matrix) {
        RoundedProduct.Room free = operands.poll();
        RoundedProduct.Room room = free == null ? new RoundedProduct.Room(DataType.BFLOAT16) : free;
        Matrix read = ((Nd4jMatrix) matrix).in(room.copy(matrix, views(matrix), threads));
        return new Operand(matrix, read, () -> operands.add(room));
    }

    private void multiplyWholeRounded(Product product, Matrix a, Matrix b, Matrix c) {
        RoundedProduct free = rounded.poll();
        RoundedProduct work = free == null ? new RoundedProduct(threads) : free;
        if (brainFloats) {
            work.multiply(product, a, b, c);
        } else {
            work.multiplyExactly(product, a, b, c);
        }
        rounded.add(work);
    }

    /** A product of which every entry is wanted. */
    protected void multiplyWhole(Product product, Matrix a, Matrix b, Matrix c) {
        if (product.transposeA()) {
            threads.whole(() -> multiply(product, array(a), array(b), array(c)));
            return;
        }
        INDArray right = array(b);
        threads.divide(c.rows(), cost(a, c), parts -> {
            INDArray[] left = views(a).parts(parts);
            INDArray[] results = views(c).parts(parts);
            return part -> multiply(product, left[part], right, results[part]);
        });
    }

    /** Multiplications of a product. */
    static long cost(Matrix a, Matrix c) {
        return (long) a.size() * c.columns();
    }

    private void multiplyOwned(Product product, Matrix a, Matrix b, OwnedMatrix c, Whole whole) {
        if (!product.transposeA() || product.transposeB()) {
            throw new IllegalArgumentException("only A^T B goes into a matrix that keeps some entries only");
        }
        if (!product.accumulate()) {
            c.clear();
        }
        if (c.entries().length > 0) {
            addOwned(a, b, c, whole);
        }
    }

    /** How the whole of a product is computed. */
    @FunctionalInterface
    protected interface Whole {
        /** Matrix product of the given form into {@code c}. */
        void multiply(Product product, Matrix a, Matrix b, Matrix c);
    }

    /** c += A^T B where c keeps it: the whole product, then the entries. */
    protected void addOwned(Matrix a, Matrix b, OwnedMatrix c, Whole products) {
        FloatVector room = c.memory().products(c.size(), () -> memory.allocate(c.size()));
        Matrix whole = memory.matrix(room, 0, c.rows(), c.columns());
        products.multiply(Product.ATB, a, b, whole);
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
        return views(matrix).whole();
    }

    static RowViews views(Matrix matrix) {
        Nd4jMatrix own = (Nd4jMatrix) matrix;
        own.memory().array();
        return own.views();
    }
}
