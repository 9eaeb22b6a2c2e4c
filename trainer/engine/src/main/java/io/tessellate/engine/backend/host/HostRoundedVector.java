package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.nd4j.Nd4jVector;
import io.tessellate.safetensors.BrainFloat;
import java.nio.ShortBuffer;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A flat array of bf16 numbers of ND4J's CPU backend, whose single values are reached directly. */
final class HostRoundedVector extends Nd4jVector {
    private final ShortBuffer buffer;

    HostRoundedVector(INDArray array, LongConsumer allocated) {
        super(array, allocated);
        this.buffer = bits(array);
    }

    /** The upper halves of an array's values. */
    static ShortBuffer bits(INDArray array) {
        return new ShortPointer(array.data().addressPointer())
                .capacity(array.length())
                .asBuffer();
    }

    /** The bits of the number nearest to a value. */
    static short nearest(float value) {
        return (short) (Float.floatToRawIntBits(BrainFloat.nearest(value)) >>> Short.SIZE);
    }

    private ShortBuffer buffer() {
        array();
        return buffer;
    }

    @Override
    public void gather(int[] indices, float[] target, int count) {
        Objects.checkFromIndexSize(0, count, Math.min(indices.length, target.length));
        ShortBuffer from = buffer();
        for (int i = 0; i < count; i++) {
            target[i] = Float.intBitsToFloat(from.get(indices[i]) << Short.SIZE);
        }
    }

    @Override
    public void scatter(int[] indices, float[] source, int count) {
        Objects.checkFromIndexSize(0, count, Math.min(indices.length, source.length));
        ShortBuffer to = buffer();
        for (int i = 0; i < count; i++) {
            to.put(indices[i], nearest(source[i]));
        }
    }
}
