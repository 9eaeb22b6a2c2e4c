package io.tessellate.mask.adapter;

import static io.tessellate.mask.adapter.MalformedAdapterException.require;

import io.tessellate.error.DamagedFileException;
import io.tessellate.error.TessellateException;
import io.tessellate.safetensors.TensorInfo;
import io.tessellate.safetensors.TensorRegion;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of an adapter file. Its bytes are held against the checksum each time they are read: the file may have been changed
 * since it was looked at first.
 *
 * @param region where it lies
 * @param checksum of its bytes, as the metadata has it
 */
record StoredTensor(TensorRegion region, String checksum) {
    String name() {
        return region.info().name();
    }

    TensorInfo info() {
        return region.info();
    }

    float[] floats() {
        CRC32C crc = new CRC32C();
        float[] values = region.floats(crc);
        requireAsBefore(crc);
        return values;
    }

    byte[] bytes() {
        CRC32C crc = new CRC32C();
        byte[] bytes = region.bytes(crc);
        requireAsBefore(crc);
        return bytes;
    }

    /** The values when the file is read for the first time. */
    float[] firstFloats() throws MalformedAdapterException {
        CRC32C crc = new CRC32C();
        float[] values = region.floats(crc);
        requireChecksum(crc);
        return values;
    }

    /** The bytes when the file is read for the first time. */
    byte[] firstBytes() throws MalformedAdapterException {
        CRC32C crc = new CRC32C();
        byte[] bytes = region.bytes(crc);
        requireChecksum(crc);
        return bytes;
    }

    /** Reads the values once without keeping them; DIVERGED if one is not finite. */
    void look(String what) throws MalformedAdapterException {
        CRC32C crc = new CRC32C();
        FirstInfinite infinite = new FirstInfinite(what);
        region.floats(crc, infinite);
        requireChecksum(crc);
        if (infinite.found != null) {
            throw infinite.found;
        }
    }

    TessellateException damaged(String what) {
        return new DamagedFileException(region.path().toString(), what);
    }

    private void requireAsBefore(CRC32C crc) {
        try {
            requireChecksum(crc);
        } catch (MalformedAdapterException e) {
            throw damaged(e.getMessage());
        }
    }

    private void requireChecksum(CRC32C crc) throws MalformedAdapterException {
        String found = AdapterLayout.hex(crc);
        require(found.equals(checksum), "checksum of tensor '%s' must be %s: %s", name(), checksum, found);
    }

    private static final class FirstInfinite implements TensorRegion.Piece {
        private final String what;
        private int seen;
        private @Nullable TessellateException found;

        FirstInfinite(String what) {
            this.what = what;
        }

        @Override
        public void values(float[] values, int count) {
            for (int n = 0; n < count && found == null; n++) {
                if (!Float.isFinite(values[n])) {
                    found = TensorLimits.notFinite(what, seen + n, values[n]);
                }
            }
            seen += count;
        }
    }
}
