package io.tessellate.mask;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of one tensor's entries by their flat indices, in blocks of {@value EntryBlock#SPAN}: a tensor nobody
 * touches takes no room, and one of which all entries are meant none either.
 */
final class EntrySet {
    private static final int SHIFT = 16;
    private static final int BLOCK_OVERHEAD = 48;

    private final int size;
    private final EntryBlock[] blocks;
    private final int cardinality;

    private EntrySet(int size, EntryBlock[] blocks) {
        this.size = size;
        this.blocks = blocks;
        int count = 0;
        for (EntryBlock block : blocks) {
            count += block.count();
        }
        this.cardinality = count;
    }

    static EntrySet none(int size) {
        EntryBlock[] blocks = new EntryBlock[blocks(size)];
        Arrays.fill(blocks, EntryBlock.NONE);
        return new EntrySet(size, blocks);
    }

    static EntrySet all(int size) {
        EntryBlock[] blocks = new EntryBlock[blocks(size)];
        Arrays.fill(blocks, new EntryBlock.All(EntryBlock.SPAN));
        blocks[blocks.length - 1] = new EntryBlock.All(span(size, blocks.length - 1));
        return new EntrySet(size, blocks);
    }

    private static int blocks(int size) {
        return (size - 1 >>> SHIFT) + 1;
    }

    private static int span(int size, int block) {
        return Math.min(EntryBlock.SPAN, size - (block << SHIFT));
    }

    int cardinality() {
        return cardinality;
    }

    boolean contains(int index) {
        return blocks[index >>> SHIFT].contains(index & EntryBlock.SPAN - 1);
    }

    void forEach(IntConsumer visitor) {
        for (int b = 0; b < blocks.length; b++) {
            blocks[b].forEach(b << SHIFT, visitor);
        }
    }

    long intersectionSize(EntrySet other) {
        long count = 0;
        for (int b = 0; b < blocks.length; b++) {
            count += blocks[b].shared(other.blocks[b]);
        }
        return count;
    }

    boolean intersects(EntrySet other) {
        for (int b = 0; b < blocks.length; b++) {
            if (blocks[b].shared(other.blocks[b]) > 0) {
                return true;
            }
        }
        return false;
    }

    EntrySet union(EntrySet other) {
        return combined(other, (a, b, span) -> a.union(b, span));
    }

    EntrySet intersection(EntrySet other) {
        return combined(other, (a, b, span) -> a.filtered(b, true, span));
    }

    EntrySet minus(EntrySet other) {
        return combined(other, (a, b, span) -> a.filtered(b, false, span));
    }

    EntrySet complement() {
        return combined(this, (a, same, span) -> a.complement(span));
    }

    private EntrySet combined(EntrySet other, Operator operator) {
        EntryBlock[] result = new EntryBlock[blocks.length];
        for (int b = 0; b < result.length; b++) {
            result[b] = operator.apply(blocks[b], other.blocks[b], span(size, b));
        }
        return new EntrySet(size, result);
    }

    long heapBytes() {
        long bytes = 0;
        for (EntryBlock block : blocks) {
            bytes += BLOCK_OVERHEAD + block.heapBytes();
        }
        return bytes;
    }

    @Override
    public boolean equals(Object object) {
        return this == object
                || object instanceof EntrySet other
                        && size == other.size
                        && cardinality == other.cardinality
                        && Arrays.equals(blocks, other.blocks);
    }

    /** That of the bitmap as an array of words: experiments keep what they trained under it. */
    @Override
    public int hashCode() {
        int hash = 1;
        for (int b = 0; b < blocks.length; b++) {
            long[] words = Bits.empty(span(size, b));
            blocks[b].addTo(words);
            for (long word : words) {
                hash = 31 * hash + Long.hashCode(word);
            }
        }
        return hash;
    }

    @FunctionalInterface
    private interface Operator {
        EntryBlock apply(EntryBlock a, EntryBlock b, int span);
    }

    /** A set being filled, in any order; what comes in ascending order takes no more room than the set will. */
    static final class Builder {
        private final int size;
        private final @Nullable Filling[] blocks;
        private boolean all;

        Builder(int size) {
            this.size = size;
            this.blocks = new Filling[blocks(size)];
        }

        void add(int index) {
            if (!all) {
                int b = index >>> SHIFT;
                Filling known = blocks[b];
                Filling block = known == null ? new Filling(span(size, b)) : known;
                blocks[b] = block;
                block.add(index & EntryBlock.SPAN - 1);
            }
        }

        void addAll() {
            all = true;
            Arrays.fill(blocks, null);
        }

        EntrySet build() {
            if (all) {
                return all(size);
            }
            EntryBlock[] built = new EntryBlock[blocks.length];
            for (int b = 0; b < built.length; b++) {
                Filling block = blocks[b];
                built[b] = block == null ? EntryBlock.NONE : block.build();
            }
            return new EntrySet(size, built);
        }
    }

    /** One block being filled: a list as long as places ascend and are few, then a bitmap. */
    private static final class Filling {
        private static final int FIRST_ROOM = 8;

        private final int span;
        private char[] places = new char[FIRST_ROOM];
        private int count;
        private long[] words = new long[0];

        Filling(int span) {
            this.span = span;
        }

        void add(int place) {
            if (words.length > 0) {
                Bits.set(words, place);
            } else if (count == 0 || place > places[count - 1]) {
                append((char) place);
            } else if (place != places[count - 1]) {
                turn();
                Bits.set(words, place);
            }
        }

        private void append(char place) {
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            places[count++] = place;
            if (count >= EntryBlock.listLimit(span)) {
                turn();
            }
        }

        private void turn() {
            words = Bits.empty(span);
            for (int n = 0; n < count; n++) {
                Bits.set(words, places[n]);
            }
            places = new char[0];
        }

        EntryBlock build() {
            return words.length > 0
                    ? EntryBlock.of(words.clone(), span)
                    : count == span ? new EntryBlock.All(span) : EntryBlock.listed(Arrays.copyOf(places, count));
        }
    }
}
