package io.tessellate.mask.expander;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.SplitMix;
import io.tessellate.text.NumberText;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * One matrix cut into q classes by a quasi-cyclic lift (algorithm: docs/format/adapter.md §5). Cell (i·q + a, j·q + b) has
 * class (b - a - f(i,j)) mod q, so the classes partition the cells, and within whole blocks each has exactly one cell per row
 * and column of every block.
 */
public final class LiftedTensor {
    /** How many draws of shifts there may be; the best is kept. */
    public static final int MAX_DRAWS = 200;

    private static final int MIN_DEGREE = 3;

    private final EligibleTensor tensor;
    private final int classes;
    private final long seed;
    private final int draw;
    private final boolean shared;
    /** g(i,j) at {@code i * blockColumns + j}: one array for all tensors of the block shape. */
    private final int[] ofShape;

    private final Scrambling scrambling;

    private LiftedTensor(EligibleTensor tensor, int classes, long seed, int draw, boolean shared, int[] ofShape) {
        int rows = blocks(tensor.rows(), classes);
        int columns = blocks(tensor.columns(), classes);
        this.tensor = tensor;
        this.classes = classes;
        this.seed = seed;
        this.draw = draw;
        this.shared = shared;
        this.ofShape = ofShape;
        this.scrambling =
                shared ? Scrambling.none(rows, columns) : Scrambling.of(tensor.name(), rows, columns, classes, seed);
    }

    /** The lift of a tensor that has a mask of its own. */
    public static LiftedTensor of(EligibleTensor tensor, int classes, long seed, int draw) {
        return of(tensor, classes, seed, draw, false);
    }

    /** The same; for several tensors {@link LiftedTensors} takes less memory. */
    public static LiftedTensor of(EligibleTensor tensor, int classes, long seed, int draw, boolean shared) {
        return new LiftedTensors().of(tensor, classes, seed, draw, shared);
    }

    /** The same with the shifts of its block shape. */
    static LiftedTensor of(EligibleTensor tensor, int classes, long seed, int draw, boolean shared, int[] ofShape) {
        return new LiftedTensor(tensor, classes, seed, draw, shared, ofShape);
    }

    /** Below three entries per row and column no graph is an expander. */
    static void requireDegrees(EligibleTensor tensor, int classes) {
        if (classes < 2) {
            throw new TessellateException(ErrorCode.INVALID_RECIPE, "a lift must have at least 2 classes: " + classes);
        }
        int perRow = blocks(tensor.columns(), classes);
        int perColumn = blocks(tensor.rows(), classes);
        if (perRow < MIN_DEGREE || perColumn < MIN_DEGREE) {
            String message = String.format(
                    Locale.ROOT,
                    "expander masks of density 1/%d give tensor '%s' (%d x %d) %d entries per row and %d per column, at"
                            + " least %d are needed: choose a density of at least %s",
                    classes,
                    tensor.name(),
                    tensor.rows(),
                    tensor.columns(),
                    perRow,
                    perColumn,
                    MIN_DEGREE,
                    NumberText.fixed((double) MIN_DEGREE / Math.min(tensor.rows(), tensor.columns()), 4));
            throw new TessellateException(ErrorCode.INVALID_RECIPE, message);
        }
    }

    static int blocks(int length, int classes) {
        return (length - 1) / classes + 1;
    }

    /** Shifts common to all tensors with so many block rows and columns. */
    static int[] shapeShifts(int rows, int columns, int classes, long seed, int draw) {
        SplitMix random = SplitMix.stream(
                "tessellate-lift/1/shifts/" + seed + '/' + classes + '/' + rows + '/' + columns + '/' + draw);
        int[] shifts = new int[rows * columns];
        for (int n = 0; n < shifts.length; n++) {
            shifts[n] = random.below(classes);
        }
        return shifts;
    }

    /** The matrix. */
    public EligibleTensor tensor() {
        return tensor;
    }

    /** q, the number of classes. */
    public int classes() {
        return classes;
    }

    /** Seed of the model's lift. */
    public long seed() {
        return seed;
    }

    /** Which draw of shifts this is. */
    public int draw() {
        return draw;
    }

    /** Whether all tensors of one shape have the same mask. */
    public boolean shared() {
        return shared;
    }

    /** Class of a cell. */
    public int classOf(int row, int column) {
        Objects.checkIndex(row, tensor.rows());
        Objects.checkIndex(column, tensor.columns());
        int shift = shift(row / classes, column / classes);
        return Math.floorMod(column % classes - row % classes - shift, classes);
    }

    /** Visits the flat indices of a class in ascending order. */
    public void forEach(int liftClass, IntConsumer visitor) {
        Objects.checkIndex(liftClass, classes);
        int[] shifts = new int[scrambling.columnOrder.length];
        for (int row = 0; row < tensor.rows(); row++) {
            if (row % classes == 0) {
                for (int j = 0; j < shifts.length; j++) {
                    shifts[j] = shift(row / classes, j);
                }
            }
            int within = row % classes + liftClass;
            for (int j = 0; j < shifts.length; j++) {
                int column = j * classes + (within + shifts[j]) % classes;
                if (column < tensor.columns()) {
                    visitor.accept(row * tensor.columns() + column);
                }
            }
        }
    }

    /** f(i,j). */
    private int shift(int i, int j) {
        int drawn = ofShape[scrambling.rowOrder[i] * scrambling.columnOrder.length + scrambling.columnOrder[j]];
        return (drawn + scrambling.rowTurns[i] + scrambling.columnTurns[j]) % classes;
    }

    /** An order for block rows and columns and a turn for each: all singular values stay what they were. */
    private record Scrambling(int[] rowOrder, int[] columnOrder, int[] rowTurns, int[] columnTurns) {
        static Scrambling none(int rows, int columns) {
            return new Scrambling(
                    IntStream.range(0, rows).toArray(),
                    IntStream.range(0, columns).toArray(),
                    new int[rows],
                    new int[columns]);
        }

        static Scrambling of(String name, int rows, int columns, int classes, long seed) {
            SplitMix random = SplitMix.stream("tessellate-lift/1/tensor/" + seed + '/' + classes + '/' + name);
            int[] rowOrder = random.permutation(rows);
            int[] columnOrder = random.permutation(columns);
            int[] rowTurns = turns(random, rows, classes);
            return new Scrambling(rowOrder, columnOrder, rowTurns, turns(random, columns, classes));
        }

        private static int[] turns(SplitMix random, int count, int classes) {
            int[] turns = new int[count];
            for (int i = 0; i < count; i++) {
                turns[i] = random.below(classes);
            }
            return turns;
        }
    }

    /** Number of cells of a class. */
    public int cells(int liftClass) {
        int[] count = {0};
        forEach(liftClass, index -> count[0]++);
        return count[0];
    }
}
