package io.tessellate.engine.backend.torch;

import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Memory;
import io.tessellate.engine.backend.Product;
import io.tessellate.engine.backend.Products;
import io.tessellate.engine.backend.nd4j.InstructionSet;
import io.tessellate.engine.backend.owned.OwnedMatrix;
import io.tessellate.engine.backend.owned.OwnedVector;

/** Matrix products; of one of which only some entries are kept, the whole is computed and these are read. */
record TorchProducts(Workspaces workspaces, Memory memory) implements Products {
    private static final Rounding NATIVE = new Rounding(true, "libtorch");
    private static final Rounding SLOW = new Rounding(false, "libtorch, without instructions for it");

    @Override
    public void multiply(Product product, Matrix a, Matrix b, Matrix c) {
        if (c instanceof OwnedMatrix owned) {
            multiplyOwned(product, a, b, owned, this::multiplyWhole);
        } else {
            multiplyWhole(product, a, b, c);
        }
    }

    @Override
    public void multiplyRounded(Product product, Matrix a, Matrix b, Matrix c) {
        if (c instanceof OwnedMatrix owned) {
            multiplyOwned(product, a, b, owned, this::multiplyWholeRounded);
        } else {
            multiplyWholeRounded(product, a, b, c);
        }
    }

    @Override
    public Rounding rounding() {
        return workspaces.device().isCuda() || InstructionSet.ofProcessor().brainFloats() ? NATIVE : SLOW;
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

    private void multiplyWholeRounded(Product product, Matrix a, Matrix b, Matrix c) {
        try (KernelWorkspace work = workspaces.open()) {
            Tensor sums = work.brainFloats(c.rows(), c.columns());
            Libtorch.multiply(sums, work.rounded(a, product.transposeA()), work.rounded(b, product.transposeB()));
            if (product.accumulate()) {
                Operators.addProduct(work.view(c), 1, sums, work.one());
            } else {
                Libtorch.copy(work.view(c), sums);
            }
        }
    }

    /** How the whole of a product is computed. */
    @FunctionalInterface
    private interface Whole {
        void multiply(Product product, Matrix a, Matrix b, Matrix c);
    }

    private void multiplyOwned(Product product, Matrix a, Matrix b, OwnedMatrix c, Whole how) {
        if (!product.transposeA() || product.transposeB()) {
            throw new IllegalArgumentException("only A^T B goes into a matrix that keeps some entries only");
        }
        if (!product.accumulate()) {
            c.clear();
        }
        if (c.entries().length > 0) {
            FloatVector products = c.memory().products(c.size(), () -> memory.allocate(c.size()));
            Matrix whole = memory.matrix(products, 0, c.rows(), c.columns());
            how.multiply(Product.ATB, a, b, whole);
            c.add(entries(whole, c));
        }
    }

    /** The owned entries of a whole product. Their places are brought to the device once and stay there. */
    private float[] entries(Matrix whole, OwnedMatrix c) {
        float[] found = new float[c.entries().length];
        Places places = (Places) c.attachment(() -> new Places(places(c.entries())));
        try (KernelWorkspace work = workspaces.open()) {
            Tensor values = work.floats(found.length);
            Operators.select(work.view(whole, 0, whole.size()), places.tensor(), values);
            values.read(found, found.length);
        }
        return found;
    }

    private Tensor places(int[] entries) {
        long[] wide = new long[entries.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = entries[i];
        }
        return Tensor.upload(workspaces.device(), wide, wide.length);
    }

    /** Row numbers on the device. */
    private record Places(Tensor tensor) implements OwnedVector.Attachment {
        @Override
        public void close() {
            tensor.close();
        }
    }
}
