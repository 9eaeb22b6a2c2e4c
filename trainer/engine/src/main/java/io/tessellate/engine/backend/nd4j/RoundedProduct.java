package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.Product;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Memory in which a product of bf16 numbers is computed; for one call at a time, and used again by later ones. */
final class RoundedProduct {
    private final Room left = new Room(DataType.BFLOAT16);
    private final Room right = new Room(DataType.BFLOAT16);
    private final Room result = new Room(DataType.BFLOAT16);
    private final Room wideLeft = new Room(DataType.FLOAT);
    private final Room wideRight = new Room(DataType.FLOAT);
    private final Room wideResult = new Room(DataType.FLOAT);
    private final ProductThreads threads;

    RoundedProduct(ProductThreads threads) {
        this.threads = threads;
    }

    /** By a product of ND4J for bf16 numbers, which oneDNN computes where the processor has instructions for them. */
    void multiply(Product product, Matrix a, Matrix b, Matrix c) {
        Product form = new Product(product.transposeA(), product.transposeB(), false);
        INDArray other = rounded(b, right).whole();
        Sums sums = sums(product, c);
        if (product.transposeA()) {
            INDArray all = rounded(a, left).whole();
            threads.whole(
                    () -> Nd4jProducts.multiply(form, all, other, sums.rounded().whole()));
            threads.divide(c.rows(), c.size(), sums::take);
        } else {
            threads.divide(c.rows(), Nd4jProducts.cost(a, c), parts -> {
                INDArray[] values = Nd4jProducts.views(a).parts(parts);
                INDArray[] rows = isRounded(values[0]) ? values : left.view(a).parts(parts);
                INDArray[] results = sums.rounded().parts(parts);
                IntConsumer taken = sums.take(parts);
                return part -> {
                    if (rows != values) {
                        rows[part].assign(values[part]);
                    }
                    Nd4jProducts.multiply(form, rows[part], other, results[part]);
                    taken.accept(part);
                };
            });
        }
    }

    /** By a product in single precision, where another would be slower: of the same numbers, and rounded as the other. */
    void multiplyExactly(Product product, Matrix a, Matrix b, Matrix c) {
        RowViews wide = wideResult.view(c);
        Nd4jProducts.multiply(
                new Product(product.transposeA(), product.transposeB(), false),
                wideLeft.copy(a, rounded(a, left), threads).whole(),
                wideRight.copy(b, rounded(b, right), threads).whole(),
                wide.whole());
        result.copy(c, wide, threads);
        threads.divide(c.rows(), c.size(), sums(product, c)::take);
    }

    private RowViews rounded(Matrix matrix, Room room) {
        RowViews values = Nd4jProducts.views(matrix);
        return isRounded(values.whole()) ? values : room.copy(matrix, values, threads);
    }

    private static boolean isRounded(INDArray values) {
        return values.dataType() == DataType.BFLOAT16;
    }

    private Sums sums(Product product, Matrix c) {
        return new Sums(result.view(c), product.accumulate() ? wideResult.view(c) : null, Nd4jProducts.views(c));
    }

    /**
     * What a product came to, on its way.
     *
     * @param rounded rounded to bf16
     * @param wide memory for it in single precision, where it is added to what is at its target
     * @param target where it goes
     */
    private record Sums(RowViews rounded, @Nullable RowViews wide, RowViews target) {
        IntConsumer take(int parts) {
            INDArray[] from = rounded.parts(parts);
            INDArray[] to = target.parts(parts);
            if (wide == null) {
                return part -> to[part].assign(from[part]);
            }
            INDArray[] over = wide.parts(parts);
            return part -> {
                over[part].assign(from[part]);
                to[part].addi(over[part]);
            };
        }
    }

    /** Memory that grows to the largest matrix so far, and views of it. */
    static final class Room {
        private static final int MOST_VIEWS = 256;

        private final DataType type;
        private final Map<Long, RowViews> views = new LinkedHashMap<>();
        private @Nullable INDArray memory;

        Room(DataType type) {
            this.type = type;
        }

        /** The values of a matrix in this room's type. */
        RowViews copy(Matrix shape, RowViews values, ProductThreads threads) {
            RowViews view = view(shape);
            threads.divide(shape.rows(), shape.size(), parts -> {
                INDArray[] from = values.parts(parts);
                INDArray[] to = view.parts(parts);
                return part -> to[part].assign(from[part]);
            });
            return view;
        }

        RowViews view(Matrix shape) {
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
                    key -> new RowViews(all, 0, shape.rows(), shape.columns()));
        }
    }
}
