package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Memory in which a product of bf16 numbers is computed; for one call at a time, and used again by later ones. */
final class RoundedProduct {
    private final Room left = new Room(DataType.BFLOAT16);
    private final Room right = new Room(DataType.BFLOAT16);
    private final Room result = new Room(DataType.BFLOAT16);
    private final Room wideLeft = new Room(DataType.FLOAT);
    private final Room wideRight = new Room(DataType.FLOAT);
    private final Room wideResult = new Room(DataType.FLOAT);

    /** By a product of ND4J for bf16 numbers, which oneDNN computes where the processor has instructions for them. */
    void multiply(Product product, Matrix a, Matrix b, Matrix c) {
        INDArray sums = result.view(c);
        Nd4jProducts.multiply(new Product(product.transposeA(), product.transposeB(), false), left(a), right(b), sums);
        write(product, sums, c);
    }

    /** By a product in single precision, where another would be slower: of the same numbers, and rounded as the other. */
    void multiplyExactly(Product product, Matrix a, Matrix b, Matrix c) {
        INDArray wide = wideResult.view(c);
        Nd4jProducts.multiply(
                new Product(product.transposeA(), product.transposeB(), false),
                wideLeft.copy(a, left(a)),
                wideRight.copy(b, right(b)),
                wide);
        write(product, result.copy(c, wide), c);
    }

    private INDArray left(Matrix a) {
        return rounded(a, left);
    }

    private INDArray right(Matrix b) {
        return rounded(b, right);
    }

    private static INDArray rounded(Matrix matrix, Room room) {
        INDArray values = Nd4jProducts.array(matrix);
        return values.dataType() == DataType.BFLOAT16 ? values : room.copy(matrix, values);
    }

    private void write(Product product, INDArray sums, Matrix c) {
        INDArray target = Nd4jProducts.array(c);
        if (product.accumulate()) {
            target.addi(wideResult.copy(c, sums));
        } else {
            target.assign(sums);
        }
    }

    /** Memory that grows to the largest matrix so far, and views of it. */
    static final class Room {
        private static final int MOST_VIEWS = 256;

        private final DataType type;
        private final Map<Long, INDArray> views = new LinkedHashMap<>();
        private @Nullable INDArray memory;

        Room(DataType type) {
            this.type = type;
        }

        /** The values of a matrix in this room's type. */
        INDArray copy(Matrix shape, INDArray values) {
            INDArray view = view(shape);
            view.assign(values);
            return view;
        }

        INDArray view(Matrix shape) {
            if (memory == null || memory.length() < shape.size()) {
                views.clear();
                if (memory != null) {
                    memory.close();
                }
                memory = Nd4j.createUninitialized(type, shape.size());
            }
            if (views.size() == MOST_VIEWS) {
                views.clear();
            }
            INDArray all = memory;
            return views.computeIfAbsent(
                    (long) shape.rows() << Integer.SIZE | shape.columns(),
                    key -> all.get(NDArrayIndex.interval(0, shape.size())).reshape('c', shape.rows(), shape.columns()));
        }
    }
}
