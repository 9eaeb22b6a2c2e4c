package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.FloatSource;
import io.tessellate.engine.backend.FloatVector;
import io.tessellate.engine.backend.rounded.RoundedParts;
import io.tessellate.engine.backend.rounded.RoundedStore;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A flat array of ND4J reached by ND4J operations only, so that its memory may lie on a device. */
public class Nd4jVector implements FloatVector {
    /** Floats that are on their way from a source at a time. */
    private static final int CHUNK = 1 << 18;

    private final INDArray array;
    private final LongConsumer allocated;
    private final RoundedParts<INDArray> rounded;
    private boolean closed;

    /** A vector over an array that it closes; {@code allocated} is told how many bytes more are in use, or less. */
    public Nd4jVector(INDArray array, LongConsumer allocated) {
        this.array = array;
        this.allocated = allocated;
        this.rounded = new RoundedParts<>(new Rounded(this), allocated);
        allocated.accept(bytes());
    }

    final boolean isRounded() {
        return array().dataType() == DataType.BFLOAT16;
    }

    private long bytes() {
        return array.dataType().width() * array.length();
    }

    /** A range of values rounded to bf16. */
    final INDArray rounded(int offset, int size) {
        return rounded.part(offset, size);
    }

    /** Views of a range as a matrix. */
    final RowViews views(int offset, int rows, int columns) {
        checkRange(offset, Math.multiplyExact(rows, columns));
        return new RowViews(array(), offset, rows, columns);
    }

    /** To be called when a range was written by other means than those of this class. */
    protected final void wrote(int offset, int length) {
        rounded.wrote(offset, length);
    }

    /** The same for the values at the first so many indices. */
    protected final void wrote(int[] indices, int count) {
        rounded.wrote(indices, count);
    }

    /** Rounds single values; here all that lie between the first and the last. */
    protected void roundEach(INDArray part, int offset, int[] indices, int from, int to) {
        int first = indices[from];
        int length = indices[to - 1] - first + 1;
        part.get(NDArrayIndex.interval(first - offset, first - offset + length)).assign(range(first, length));
    }

    protected final INDArray array() {
        if (closed) {
            throw new IllegalStateException("the vector is closed");
        }
        return array;
    }

    @Override
    public final int size() {
        return Math.toIntExact(array.length());
    }

    /** A view of a range, not a copy. */
    final INDArray range(int offset, int length) {
        checkRange(offset, length);
        return array().get(NDArrayIndex.interval(offset, (long) offset + length));
    }

    protected final void checkRange(int offset, int count) {
        Objects.checkFromIndexSize(offset, count, Math.toIntExact(array().length()));
    }

    @Override
    public void get(int offset, float[] target, int from, int length) {
        Objects.checkFromIndexSize(from, length, target.length);
        checkRange(offset, length);
        if (length > 0) {
            INDArray range = range(offset, length);
            try (INDArray copy = isRounded() ? range.castTo(DataType.FLOAT) : range.dup()) {
                System.arraycopy(copy.toFloatVector(), 0, target, from, length);
            }
        }
    }

    @Override
    public void put(int offset, float[] source, int from, int length) {
        Objects.checkFromIndexSize(from, length, source.length);
        checkRange(offset, length);
        if (length > 0) {
            try (INDArray values = Nd4j.createFromArray(Arrays.copyOfRange(source, from, from + length))) {
                range(offset, length).assign(values);
            }
            wrote(offset, length);
        }
    }

    @Override
    public void fillFrom(int offset, int length, FloatSource source) {
        checkRange(offset, length);
        float[] chunk = new float[Math.min(length, CHUNK)];
        for (int done = 0; done < length; done += CHUNK) {
            int count = Math.min(CHUNK, length - done);
            source.read(done, count, FloatBuffer.wrap(chunk, 0, count));
            put(offset + done, chunk, 0, count);
        }
    }

    @Override
    public void gather(int[] indices, float[] target, int count) {
        float[] all = toArray(0, size());
        for (int i = 0; i < count; i++) {
            target[i] = all[indices[i]];
        }
    }

    @Override
    public void scatter(int[] indices, float[] source, int count) {
        float[] all = toArray(0, size());
        for (int i = 0; i < count; i++) {
            all[indices[i]] = source[i];
        }
        put(0, all, 0, all.length);
    }

    @Override
    public void fill(int offset, int length, float value) {
        checkRange(offset, length);
        if (length > 0) {
            range(offset, length).assign(value);
            wrote(offset, length);
        }
    }

    @Override
    public void copyFrom(FloatVector source) {
        if (source.size() != size()) {
            throw new IllegalArgumentException(
                    "a vector of %d floats cannot copy one of %d".formatted(size(), source.size()));
        }
        array().assign(((Nd4jVector) source).array());
        wrote(0, size());
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            allocated.accept(-bytes());
            rounded.close();
            array.close();
        }
    }

    /** Values of a vector as bf16 numbers in arrays of ND4J. */
    private record Rounded(Nd4jVector vector) implements RoundedStore<INDArray> {
        @Override
        public INDArray allocate(int size) {
            return Nd4j.createUninitialized(DataType.BFLOAT16, size);
        }

        @Override
        public void round(INDArray rounded, int offset, int from, int to) {
            rounded.get(NDArrayIndex.interval(from, to)).assign(vector.range(offset + from, to - from));
        }

        @Override
        public void roundEach(INDArray rounded, int offset, int[] indices, int from, int to) {
            vector.roundEach(rounded, offset, indices, from, to);
        }

        @Override
        public void free(INDArray rounded) {
            rounded.close();
        }
    }
}
