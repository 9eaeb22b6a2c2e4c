package io.tessellate.mask.expander;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.spectrum.SpectralCertificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Partitions the eligible weights into q expander masks of density 1/q. Every class is biregular in every tensor (degrees
 * differ by at most one where q does not divide the sides) and has the same singular values, so one certificate serves all q
 * tasks, and membership is arithmetic: a mask is (q, seed, class) and takes no storage.
 *
 * <p>The singular values of a class are those of the matrices A_k = [exp(2 pi i k f(i,j) / q)], k = 0..q-1: k = 0 gives
 * sigma1, the others sigma2. Shifts f are drawn until sigma2 meets the Ramanujan bound, at most 200 times; the best stays.
 */
public final class QuasiCyclicLift {
    private final ParameterSpace space;
    private final int classes;
    private final List<LiftedTensor> tensors;
    private final List<SpectralCertificate> certificates;

    /** The lift of a model's eligible weights, each tensor with a mask of its own. */
    public QuasiCyclicLift(ParameterSpace space, int classes, long seed) {
        this(space, classes, seed, false);
    }

    /**
     * The lift of a model's eligible weights. INVALID_RECIPE if a tensor is too small for so many classes.
     *
     * @param classes q, at least 2
     * @param seed everything random follows from it
     * @param shared whether all tensors of one shape have the same mask
     */
    public QuasiCyclicLift(ParameterSpace space, int classes, long seed, boolean shared) {
        this.space = space;
        this.classes = classes;
        Map<BlockShape, LiftSearch> searches = new HashMap<>();
        LiftedTensors lifts = new LiftedTensors();
        List<LiftedTensor> lifted = new ArrayList<>();
        List<SpectralCertificate> certified = new ArrayList<>();
        for (EligibleTensor tensor : space.tensors()) {
            BlockShape shape = BlockShape.of(tensor, classes);
            LiftSearch search = searches.computeIfAbsent(shape, s -> LiftSearch.best(s.rows, s.columns, classes, seed));
            lifted.add(lifts.of(tensor, classes, seed, search.draw(), shared));
            certified.add(certificate(tensor, shape, search.sigma2()));
        }
        this.tensors = List.copyOf(lifted);
        this.certificates = List.copyOf(certified);
    }

    private SpectralCertificate certificate(EligibleTensor tensor, BlockShape shape, double sigma2) {
        int minRowDegree = tensor.columns() % classes == 0 ? shape.columns : shape.columns - 1;
        int minColumnDegree = tensor.rows() % classes == 0 ? shape.rows : shape.rows - 1;
        return new SpectralCertificate(
                Math.sqrt((double) shape.rows * shape.columns),
                sigma2,
                LiftSearch.bound(shape.rows, shape.columns),
                minRowDegree,
                shape.columns,
                minColumnDegree,
                shape.rows,
                0,
                0);
    }

    /** The weights that are partitioned. */
    public ParameterSpace space() {
        return space;
    }

    /** q, the number of classes: so many tasks find room. */
    public int classes() {
        return classes;
    }

    /** One tensor's part of the lift. */
    public LiftedTensor tensor(int ordinal) {
        return tensors.get(ordinal);
    }

    /** Class of one weight. */
    public int classOf(int tensor, int row, int column) {
        return tensors.get(tensor).classOf(row, column);
    }

    /** Whether a class holds one weight. */
    public boolean contains(int liftClass, int tensor, int row, int column) {
        return classOf(tensor, row, column) == liftClass;
    }

    /** All weights of a class. */
    public Mask mask(int liftClass) {
        Objects.checkIndex(liftClass, classes);
        Mask.Builder mask = Mask.builder(space);
        for (int t = 0; t < tensors.size(); t++) {
            int ordinal = t;
            tensors.get(t).forEach(liftClass, index -> mask.add(ordinal, index));
        }
        return mask.build();
    }

    /** Number of weights of a class. */
    public long size(int liftClass) {
        return tensors.stream().mapToLong(tensor -> tensor.cells(liftClass)).sum();
    }

    /** Whether a class holds a weight of a mask; looks tensor by tensor and stops at the first that does. */
    public boolean intersects(int liftClass, Mask mask) {
        Objects.checkIndex(liftClass, classes);
        for (int t = 0; t < tensors.size(); t++) {
            int ordinal = t;
            boolean[] met = {false};
            if (mask.cardinality(t) > 0) {
                tensors.get(t).forEach(liftClass, index -> met[0] |= mask.contains(ordinal, index));
            }
            if (met[0]) {
                return true;
            }
        }
        return false;
    }

    /** What the classes' graphs are worth in one tensor. */
    public SpectralCertificate certificate(int tensor) {
        return certificates.get(tensor);
    }

    /** What the classes' graphs are worth in one tensor. */
    public SpectralCertificate certificate(String tensor) {
        return certificates.get(space.ordinal(tensor));
    }

    private record BlockShape(int rows, int columns) {
        static BlockShape of(EligibleTensor tensor, int classes) {
            LiftedTensor.requireDegrees(tensor, classes);
            return new BlockShape(
                    LiftedTensor.blocks(tensor.rows(), classes), LiftedTensor.blocks(tensor.columns(), classes));
        }
    }
}
