package io.tessellate.safetensors;

/**
 * What a file's header says of one tensor, checked.
 *
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
public record TensorInfo(String name, DType dtype, Shape shape, long begin, long end) {
    /** Number of elements. */
    public long elements() {
        return shape.elements();
    }

    /** Number of bytes. */
    public long byteLength() {
        return end - begin;
    }
}
