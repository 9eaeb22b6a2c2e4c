package io.tessellate.mask.adapter;

import static io.tessellate.mask.adapter.MalformedAdapterException.require;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Rice code of ascending indices (docs/format/adapter.md §4): each gap as its high part in unary and its low k bits as they
 * are. For random masks within 2 % of the entropy.
 *
 * @param parameter k
 * @param bytes the stream
 */
record RiceCode(int parameter, byte[] bytes) {
    static final int MAX_PARAMETER = 30;

    /** Encodes strictly ascending indices with the parameter that needs the fewest bits. */
    static RiceCode encode(int[] indices) {
        int parameter = bestParameter(indices);
        BitWriter writer = new BitWriter(bits(indices, parameter));
        int next = 0;
        for (int index : indices) {
            int gap = index - next;
            writer.zeros(gap >>> parameter);
            writer.put(1 | (long) (gap & (1 << parameter) - 1) << 1, parameter + 1);
            next = index + 1;
        }
        return new RiceCode(parameter, writer.finish());
    }

    /** The cost is convex in k, so walk downhill from where it would be lowest for a random mask. */
    private static int bestParameter(int[] indices) {
        double meanGap = indices.length == 0 ? 1 : (indices[indices.length - 1] + 1.0) / indices.length;
        int parameter = Math.min(MAX_PARAMETER, Math.max(0, Math.getExponent(meanGap * Math.log(2))));
        long bits = bits(indices, parameter);
        while (parameter > 0 && bits(indices, parameter - 1) <= bits) {
            bits = bits(indices, --parameter);
        }
        while (parameter < MAX_PARAMETER && bits(indices, parameter + 1) < bits) {
            bits = bits(indices, ++parameter);
        }
        return parameter;
    }

    private static long bits(int[] indices, int parameter) {
        long bits = (parameter + 1L) * indices.length;
        int next = 0;
        for (int index : indices) {
            bits += index - next >>> parameter;
            next = index + 1;
        }
        return bits;
    }

    /** Decodes {@code count} indices below {@code size}, and finds nothing after them. */
    static int[] decode(byte[] bytes, int parameter, int count, long size) throws MalformedAdapterException {
        long available = 8L * bytes.length;
        require(
                count * (parameter + 1L) <= available,
                "%d indices of parameter %d do not fit into %d bytes",
                count,
                parameter,
                bytes.length);
        int[] indices = new int[count];
        BitReader reader = new BitReader(bytes);
        long next = 0;
        for (int n = 0; n < count; n++) {
            long high = reader.zerosBeforeOne();
            next += (high << parameter) + reader.take(parameter);
            require(
                    reader.position <= available && next < size,
                    "index %d must be below %d and within its bytes: %d",
                    n,
                    size,
                    next);
            indices[n] = (int) next++;
        }
        require(reader.onlyPaddingFollows(available), "the indices must end with their last byte, filled with zeros");
        return indices;
    }

    private static final class BitWriter {
        private final ByteBuffer out;
        private long pending;
        private int filled;

        BitWriter(long bits) {
            this.out = ByteBuffer.allocate(Math.toIntExact(((bits + 7) / 8 + 7) / 8 * 8))
                    .order(ByteOrder.LITTLE_ENDIAN);
            this.bytes = Math.toIntExact((bits + 7) / 8);
        }

        private final int bytes;

        void zeros(int count) {
            int rest = count;
            for (; rest > Integer.SIZE; rest -= Integer.SIZE) {
                put(0, Integer.SIZE);
            }
            put(0, rest);
        }

        /** Appends up to 32 bits, lowest first. */
        void put(long value, int bits) {
            pending |= value << filled;
            filled += bits;
            if (filled >= Integer.SIZE) {
                out.putInt((int) pending);
                pending >>>= Integer.SIZE;
                filled -= Integer.SIZE;
            }
        }

        byte[] finish() {
            if (filled > 0) {
                out.putInt((int) pending);
            }
            byte[] result = new byte[bytes];
            out.rewind().get(result);
            return result;
        }
    }

    private static final class BitReader {
        /** The stream and eight zero bytes, so that a whole word can be read anywhere. */
        private final ByteBuffer in;

        private final long end;
        private long position;

        BitReader(byte[] bytes) {
            this.in = ByteBuffer.allocate(bytes.length + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            this.end = 8L * bytes.length;
            in.put(bytes);
        }

        /** At least 57 bits from the position on; zeros past the end. */
        private long peek() {
            return in.getLong((int) (position >>> 3)) >>> (position & 7);
        }

        /** Counts zeros and passes the one after them; ends beyond the stream if there is none. */
        long zerosBeforeOne() {
            long start = position;
            while (position < end) {
                long word = peek();
                if (word != 0) {
                    position += Long.numberOfTrailingZeros(word) + 1;
                    return position - 1 - start;
                }
                position += Long.SIZE - (position & 7);
            }
            position = end + 1;
            return 0;
        }

        long take(int bits) {
            if (position + bits > end) {
                position = end + 1;
                return 0;
            }
            long value = peek() & (1L << bits) - 1;
            position += bits;
            return value;
        }

        boolean onlyPaddingFollows(long available) {
            return available - position < 8 && (available == position || peek() == 0);
        }
    }
}
