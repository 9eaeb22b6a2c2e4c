package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.owned.OwnedMatrix;

/** Matrix products; of one of which only some entries are kept, the whole is computed and these are read. */
record TorchProducts(Workspaces workspaces, Memory memory) implements Products {
    @Override
    public void multiply(Product product, Matrix a, Matrix b, Matrix c) {
        if (c instanceof OwnedMatrix owned) {
            multiplyOwned(product, a, b, owned);
        } else {
            multiplyWhole(product, a, b, c);
        }
    }

    private void multiplyWhole(Product product, Matrix a, Matrix b, Matrix c) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor left = product.transposeA() ? work.transposed(a) : work.view(a);
            Tensor right = product.transposeB() ? work.transposed(b) : work.view(b);
            if (product.accumulate()) {
                Libtorch.multiply(work.view(c), left, right, 1, 1);
            } else {
                Libtorch.multiply(work.view(c), left, right);
            }
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
            FloatVector products = c.memory().products(c.size(), () -> memory.allocate(c.size()));
            Matrix whole = memory.matrix(products, 0, c.rows(), c.columns());
            multiplyWhole(Product.ATB, a, b, whole);
            c.add(whole);
        }
    }
}
