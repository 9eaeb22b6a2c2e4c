package io.tessellate.mask.adapter;

import static io.tessellate.mask.adapter.MalformedAdapterException.require;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/**
 * Rice code of ascending indices (docs/format/adapter.md §4): each gap as its high part in unary and its low k bits as they
 * are. For random masks within 2 % of the entropy.
 *
 * @param parameter k
 * @param bytes the stream
 */
record RiceCode(int parameter, byte[] bytes) {
    static final int MAX_PARAMETER = 30;

    /** Encodes the entries with the parameter that needs the fewest bits. */
    static RiceCode encode(EntryIndex index) {
        return encode(index, bestParameter(index));
    }

    static RiceCode encode(EntryIndex index, int parameter) {
        BitWriter writer = new BitWriter(bits(index, parameter));
        gaps(index, gap -> {
            writer.zeros(gap >>> parameter);
            writer.put(1 | (long) (gap & (1 << parameter) - 1) << 1, parameter + 1);
        });
        return new RiceCode(parameter, writer.finish());
    }

    /** The cost is convex in k, so walk downhill from where it would be lowest for a random mask. */
    private static int bestParameter(EntryIndex index) {
        double meanGap = index.count() == 0 ? 1 : (last(index) + 1.0) / index.count();
        int parameter = Math.min(MAX_PARAMETER, Math.max(0, Math.getExponent(meanGap * Math.log(2))));
        long bits = bits(index, parameter);
        for (long fewer = 0; parameter > 0 && (fewer = bits(index, parameter - 1)) <= bits; parameter--) {
            bits = fewer;
        }
        for (long fewer = 0; parameter < MAX_PARAMETER && (fewer = bits(index, parameter + 1)) < bits; parameter++) {
            bits = fewer;
        }
        return parameter;
    }

    private static int last(EntryIndex index) {
        int[] last = {-1};
        index.forEach(entry -> last[0] = entry);
        return last[0];
    }

    private static long bits(EntryIndex index, int parameter) {
        long[] bits = {(parameter + 1L) * index.count()};
        gaps(index, gap -> bits[0] += gap >>> parameter);
        return bits[0];
    }

    private static void gaps(EntryIndex index, IntConsumer visitor) {
        int[] next = {0};
        index.forEach(entry -> {
            visitor.accept(entry - next[0]);
            next[0] = entry + 1;
        });
    }

    /** Decodes {@code count} indices below {@code size}, and finds nothing after them. */
    static int[] decode(byte[] bytes, int parameter, int count, long size) throws MalformedAdapterException {
        requireRoom(bytes, parameter, count);
        int[] indices = new int[count];
        int[] next = {0};
        visit(bytes, parameter, count, size, index -> indices[next[0]++] = index);
        return indices;
    }

    /** Visits the same one by one, in ascending order; those before a broken rule are visited. */
    static void visit(byte[] bytes, int parameter, int count, long size, IntConsumer visitor)
            throws MalformedAdapterException {
        requireRoom(bytes, parameter, count);
        long available = 8L * bytes.length;
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
            visitor.accept((int) next++);
        }
        require(reader.onlyPaddingFollows(available), "the indices must end with their last byte, filled with zeros");
    }

    private static void requireRoom(byte[] bytes, int parameter, int count) throws MalformedAdapterException {
        require(
                count * (parameter + 1L) <= 8L * bytes.length,
                "%d indices of parameter %d do not fit into %d bytes",
                count,
                parameter,
                bytes.length);
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
