package io.tessellate.engine.storage;

import io.tessellate.engine.backend.FloatSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * Values of which nearly all are bf16 numbers: floats whose lower 16 bits are 0. The upper halves lie outside the heap, in
 * memory or a mapped file, never change, and are shared by copies; a value that differs from what they say lies in an {@link Overlay}.
 */
final class ShortSection implements Section {
    private static final int CHUNK = 1 << 13;
    /** From this part of all values on, keeping them as they are costs no more than an overlay. */
    private static final int CROWDED = 2;

    private final ShortBuffer halves;
    /** The same in all copies, and in nothing else. */
    private final Object origin;

    private Overlay overlay;

    private ShortSection(ShortBuffer halves, Object origin, Overlay overlay) {
        this.halves = halves;
        this.origin = origin;
        this.overlay = overlay;
    }

    /** Reads values; those that are no bf16 numbers are kept all the same. */
    static ShortSection of(int size, FloatSource source) {
        ShortBuffer halves = ByteBuffer.allocateDirect(Math.multiplyExact(size, Short.BYTES))
                .order(ByteOrder.nativeOrder())
                .asShortBuffer();
        ShortSection section = new ShortSection(halves, new Object(), Overlay.none(size));
        float[] chunk = new float[Math.min(size, CHUNK)];
        for (int done = 0; done < size; done += CHUNK) {
            int count = Math.min(CHUNK, size - done);
            source.read(done, count, FloatBuffer.wrap(chunk, 0, count));
            for (int i = 0; i < count; i++) {
                halves.put(done + i, (short) (Float.floatToRawIntBits(chunk[i]) >>> Short.SIZE));
            }
            section.addOthers(done, chunk, count);
        }
        return section;
    }

    /** Values that lie somewhere already, as their upper halves. */
    static ShortSection over(ShortBuffer halves) {
        return new ShortSection(halves, new Object(), Overlay.none(halves.capacity()));
    }

    private void addOthers(int place, float[] values, int count) {
        for (int i = 0; i < count; i++) {
            if ((Float.floatToRawIntBits(values[i]) & 0xffff) != 0) {
                long[] more = overlay.noBits();
                for (int j = i; j < count; j++) {
                    if ((Float.floatToRawIntBits(values[j]) & 0xffff) != 0) {
                        Overlay.mark(more, place + j);
                    }
                }
                overlay = overlay.with(more);
                setKept(place, values, 0, count);
                return;
            }
        }
    }

    @Override
    public int size() {
        return halves.capacity();
    }

    @Override
    public void get(int place, float[] target, int from, int count) {
        short[] chunk = new short[Math.min(count, CHUNK)];
        for (int done = 0; done < count; done += CHUNK) {
            int some = Math.min(CHUNK, count - done);
            halves.get(place + done, chunk, 0, some);
            int to = from + done;
            for (int i = 0; i < some; i++) {
                target[to + i] = Float.intBitsToFloat(chunk[i] << Short.SIZE);
            }
        }
        overlay.over(place, target, from, count);
    }

    @Override
    public float get(int place) {
        return overlay.has(place) ? overlay.get(place) : Float.intBitsToFloat(halves.get(place) << Short.SIZE);
    }

    private boolean isNew(int place, float value) {
        return !overlay.has(place) && Float.floatToRawIntBits(value) != halves.get(place) << Short.SIZE;
    }

    private boolean crowded(int more) {
        return (long) CROWDED * (overlay.count() + more) > size();
    }

    @Override
    public boolean put(int place, float[] source, int from, int count) {
        long[] more = new long[0];
        int added = 0;
        for (int i = 0; i < count; i++) {
            if (isNew(place + i, source[from + i])) {
                more = added == 0 ? overlay.noBits() : more;
                Overlay.mark(more, place + i);
                added++;
            }
        }
        if (crowded(added)) {
            return false;
        }
        if (added > 0) {
            overlay = overlay.with(more);
        }
        setKept(place, source, from, count);
        return true;
    }

    private void setKept(int place, float[] source, int from, int count) {
        for (int i = 0; i < count; i++) {
            if (overlay.has(place + i)) {
                overlay.set(place + i, source[from + i]);
            }
        }
    }

    @Override
    public boolean assign(Run run, int first) {
        long[] more = new long[0];
        int added = 0;
        for (int i = run.from(); i < run.to(); i++) {
            int place = run.indices()[i] - first;
            if (isNew(place, run.values()[i])) {
                more = added == 0 ? overlay.noBits() : more;
                Overlay.mark(more, place);
                added++;
            }
        }
        if (crowded(added)) {
            return false;
        }
        if (added > 0) {
            overlay = overlay.with(more);
        }
        for (int i = run.from(); i < run.to(); i++) {
            int place = run.indices()[i] - first;
            if (overlay.has(place)) {
                overlay.set(place, run.values()[i]);
            }
        }
        return true;
    }

    @Override
    public boolean sameMemoryAs(Section other) {
        return other instanceof ShortSection section
                && origin == section.origin
                && overlay.count() == 0
                && section.overlay.count() == 0;
    }

    @Override
    public Section copy() {
        return new ShortSection(halves, origin, overlay.copy());
    }

    @Override
    public void close() {
        // Shared by copies, and freed with the last of them.
    }
}
