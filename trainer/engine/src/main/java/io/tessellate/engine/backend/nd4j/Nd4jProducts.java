package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.owned.OwnedMatrix;
import org.nd4j.linalg.api.blas.params.MMulTranspose;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.factory.Nd4j;

/** Matrix products by ND4J. */
public class Nd4jProducts implements Products {
    private final Memory memory;

    /** Products, with room for those of which only some entries are kept. */
    public Nd4jProducts(Memory memory) {
        this.memory = memory;
    }

    @Override
    public final void multiply(Product product, Matrix a, Matrix b, Matrix c) {
        if (c instanceof OwnedMatrix owned) {
            multiplyOwned(product, a, b, owned);
        } else {
            multiplyWhole(product, a, b, c);
        }
    }

    /** A product of which every entry is wanted. */
    protected void multiplyWhole(Product product, Matrix a, Matrix b, Matrix c) {
        multiply(product, array(a), array(b), array(c));
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
    protected void addOwned(Matrix a, Matrix b, OwnedMatrix c) {
        FloatVector products = c.memory().products(c.size(), () -> memory.allocate(c.size()));
        Matrix whole = memory.matrix(products, 0, c.rows(), c.columns());
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
