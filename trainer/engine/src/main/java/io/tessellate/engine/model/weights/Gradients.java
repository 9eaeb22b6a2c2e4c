package io.tessellate.engine.model.weights;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where backward passes add up gradients: vectors of the same layout as the weights. Only segments with a trainable tensor
 * take memory, and only the trainable tensors' entries mean anything. Whoever makes it closes it.
 */
public final class Gradients implements AutoCloseable {
    private final Backend backend;
    private final TrainableTensors trainable;
    private final ParameterVector vector;
    private @Nullable TransformerParts<Matrix> parts;

    /** Zero gradients for these tensors. */
    public Gradients(Backend backend, TrainableTensors trainable) {
        this(backend, trainable, whole(backend, trainable));
    }

    private Gradients(Backend backend, TrainableTensors trainable, List<FloatVector> segments) {
        this.backend = backend;
        this.trainable = trainable;
        this.vector = new ParameterVector(trainable.layout(), segments);
    }

    private static List<FloatVector> whole(Backend backend, TrainableTensors trainable) {
        ParameterLayout layout = trainable.layout();
        boolean[] needed = needed(layout, tensor -> trainable.contains(tensor.name()));
        List<FloatVector> segments = new ArrayList<>();
        for (int s = 0; s < needed.length; s++) {
            int size = layout.segments().get(s).size();
            segments.add(
                    needed[s]
                            ? backend.memory().allocate(size)
                            : backend.memory().allocateOnly(size, new int[0]));
        }
        return segments;
    }

    /**
     * Zero gradients of single entries of these tensors: only theirs are kept, and where it is faster only theirs are
     * computed.
     *
     * @param places the entries' places
     */
    public Gradients(Backend backend, TrainableTensors trainable, WeightPlaces places) {
        this(backend, trainable, only(backend, places));
    }

    private static List<FloatVector> only(Backend backend, WeightPlaces places) {
        List<ParameterLayout.Segment> segments = places.layout().segments();
        int[] sizes = segments.stream().mapToInt(ParameterLayout.Segment::size).toArray();
        int[][] indices =
                IntStream.range(0, sizes.length).mapToObj(places::indices).toArray(int[][]::new);
        return backend.memory().allocateOnly(sizes, indices);
    }

    /** From this part of all weights on, keeping whole gradients costs less than picking entries out of them. */
    private static final int WHOLE_FROM = 3;

    /** Whether whole gradients are kept where so many weights are trained. */
    public static boolean keepsWhole(ParameterLayout layout, long entries) {
        return entries > layout.size() / WHOLE_FROM;
    }

    /** Bytes that whole gradients of some tensors take. */
    public static long wholeBytes(ParameterLayout layout, Predicate<ParameterTensor> trained) {
        boolean[] needed = needed(layout, trained);
        return IntStream.range(0, needed.length)
                .filter(s -> needed[s])
                .mapToLong(s -> (long) Float.BYTES * layout.segments().get(s).size())
                .sum();
    }

    /** The segments that hold a tensor which is trained. */
    private static boolean[] needed(ParameterLayout layout, Predicate<ParameterTensor> trained) {
        boolean[] needed = new boolean[layout.segments().size()];
        for (ParameterTensor tensor : layout.tensors()) {
            needed[layout.segmentOf(tensor.offset())] |= trained.test(tensor);
        }
        return needed;
    }

    /** The tensors that get gradients. */
    public TrainableTensors trainable() {
        return trainable;
    }

    /** Where each tensor lies. */
    public ParameterLayout layout() {
        return trainable.layout();
    }

    /** The gradients themselves. */
    public ParameterVector vector() {
        return vector;
    }

    /** One tensor's gradient as a matrix over its segment. */
    public Matrix matrix(String tensor) {
        ParameterTensor where = layout().tensor(tensor);
        int segment = layout().segmentOf(where.offset());
        int offset = layout().segments().get(segment).index(where.offset());
        return matrix(segment, offset, where.rows(), where.columns());
    }

    private Matrix matrix(int segment, int offset, int rows, int columns) {
        return backend.memory().matrix(vector.segments().get(segment), offset, rows, columns);
    }

    /** A copy of one tensor's gradient, row-major. */
    public float[] get(String tensor) {
        ParameterTensor where = layout().tensor(tensor);
        return vector.toArray(where.offset(), where.size());
    }

    /** Forgets everything added so far. */
    public void zero() {
        vector.segments().forEach(segment -> segment.fill(0, segment.size(), 0f));
    }

    /** The parts of a transformer of that configuration. */
    public TransformerParts<Matrix> parts(ModelConfig config) {
        if (parts == null) {
            parts = Slot.of(config, layout()).map(slot -> slot.over(layout(), this::matrix));
        }
        return parts;
    }

    @Override
    public void close() {
        vector.segments().forEach(FloatVector::close);
    }
}
