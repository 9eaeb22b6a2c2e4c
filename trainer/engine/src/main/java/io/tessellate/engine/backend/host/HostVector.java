package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.FloatSource;
import io.tessellate.engine.backend.nd4j.Nd4jVector;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A flat array of ND4J's CPU backend, reached directly: ND4J sees what Java writes and the reverse. */
final class HostVector extends Nd4jVector {
    /** Floats that a thread copies at a time. */
    private static final int PIECE = 1 << 18;

    private final FloatBuffer buffer;
    private final FloatPointer pointer;

    HostVector(INDArray array, LongConsumer allocated) {
        super(array, allocated);
        this.buffer = array.data().asNioFloat();
        this.pointer = new FloatPointer(array.data().addressPointer());
    }

    /** For native code, which must not be handed it once the vector is closed. */
    FloatPointer pointer() {
        array();
        return pointer;
    }

    FloatBuffer buffer() {
        array();
        return buffer;
    }

    @Override
    public void get(int offset, float[] target, int from, int length) {
        FloatBuffer memory = buffer();
        pieces(length, (first, count) -> memory.get(offset + first, target, from + first, count));
    }

    @Override
    public void put(int offset, float[] source, int from, int length) {
        FloatBuffer memory = buffer();
        pieces(length, (first, count) -> memory.put(offset + first, source, from + first, count));
        wrote(offset, length);
    }

    /** A part of what is copied. */
    @FunctionalInterface
    private interface Piece {
        void copy(int first, int count);
    }

    /** Copies by several threads where it is much. */
    private static void pieces(int length, Piece piece) {
        if (length < 2 * PIECE) {
            piece.copy(0, length);
            return;
        }
        IntStream.range(0, (length - 1) / PIECE + 1)
                .parallel()
                .forEach(p -> piece.copy(p * PIECE, Math.min(PIECE, length - p * PIECE)));
    }

    @Override
    public void fillFrom(int offset, int length, FloatSource source) {
        checkRange(offset, length);
        source.read(0, length, buffer().duplicate().limit(offset + length).position(offset));
        wrote(offset, length);
    }

    @Override
    public void gather(int[] indices, float[] target, int count) {
        Objects.checkFromIndexSize(0, count, Math.min(indices.length, target.length));
        FloatBuffer from = buffer();
        for (int i = 0; i < count; i++) {
            target[i] = from.get(indices[i]);
        }
    }

    @Override
    public void scatter(int[] indices, float[] source, int count) {
        Objects.checkFromIndexSize(0, count, Math.min(indices.length, source.length));
        FloatBuffer to = buffer();
        for (int i = 0; i < count; i++) {
            to.put(indices[i], source[i]);
        }
        wrote(indices, count);
    }

    @Override
    protected void roundEach(INDArray part, int offset, int[] indices, int from, int to) {
        FloatBuffer values = buffer();
        ShortBuffer rounded = HostRoundedVector.bits(part);
        for (int i = from; i < to; i++) {
            rounded.put(indices[i] - offset, HostRoundedVector.nearest(values.get(indices[i])));
        }
    }
}
