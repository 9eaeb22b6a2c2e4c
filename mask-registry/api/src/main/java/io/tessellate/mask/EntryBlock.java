package io.tessellate.mask;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A set of places among up to {@value #SPAN} neighbouring ones, in whichever form takes the least room: nothing for all of
 * them, two bytes for each of a few, a bitmap for many. The form follows from the set, so equal sets have equal forms.
 */
sealed interface EntryBlock {
    /** Places of every block of a set but the last. */
    int SPAN = 1 << 16;

    EntryBlock NONE = new Listed(new char[0]);

    /** How many places are in the set. */
    int count();

    boolean contains(int place);

    /** Visits {@code first} plus each place, in ascending order. */
    void forEach(int first, IntConsumer visitor);

    /** Sets the bits of all places. */
    void addTo(long[] words);

    /** Bytes of the heap that the places take, roughly. */
    long heapBytes();

    /** The places of a bitmap, which is taken over. */
    static EntryBlock of(long[] words, int span) {
        int count = (int) Bits.count(words);
        if (count == span) {
            return new All(span);
        }
        if (count >= listLimit(span)) {
            return new Bitmap(words, count);
        }
        char[] places = new char[count];
        int[] next = {0};
        Bits.forEach(words, 0, place -> places[next[0]++] = (char) place);
        return listed(places);
    }

    /** Of so many places or more a list is no smaller than the bitmap. */
    static int listLimit(int span) {
        return Bits.words(span) * (Long.BYTES / Character.BYTES);
    }

    /** Fewer than {@link #listLimit} places, and not all there are. */
    static EntryBlock listed(char[] ascending) {
        return ascending.length == 0 ? NONE : new Listed(ascending);
    }

    /** The places that are in this set and, as wanted, in another or not in it. */
    default EntryBlock filtered(EntryBlock other, boolean inOther, int span) {
        boolean inAll = other instanceof All;
        if (inAll || other.count() == 0) {
            return inAll == inOther ? this : NONE;
        }
        long[] words = Bits.empty(span);
        other.addTo(words);
        long[] mine = Bits.empty(span);
        addTo(mine);
        for (int w = 0; w < mine.length; w++) {
            mine[w] &= inOther ? words[w] : ~words[w];
        }
        return of(mine, span);
    }

    default EntryBlock union(EntryBlock other, int span) {
        if (other.count() == 0 || count() == span) {
            return this;
        }
        if (count() == 0 || other.count() == span) {
            return other;
        }
        long[] words = Bits.empty(span);
        addTo(words);
        other.addTo(words);
        return of(words, span);
    }

    default EntryBlock complement(int span) {
        return new All(span).filtered(this, false, span);
    }

    /** How many places both sets have. */
    default int shared(EntryBlock other) {
        return other.count() < count() ? other.sharedByFew(this) : sharedByFew(other);
    }

    /** The same, asked of the set that has no more places than the other. */
    private int sharedByFew(EntryBlock other) {
        if (count() == 0 || other instanceof All) {
            return count();
        }
        if (this instanceof Bitmap mine && other instanceof Bitmap others) {
            return (int) Bits.intersectionCount(mine.words, others.words);
        }
        int[] count = {0};
        forEach(0, place -> count[0] += other.contains(place) ? 1 : 0);
        return count[0];
    }

    /** Every place. */
    record All(int count) implements EntryBlock {
        @Override
        public boolean contains(int place) {
            return true;
        }

        @Override
        public void forEach(int first, IntConsumer visitor) {
            for (int place = 0; place < count; place++) {
                visitor.accept(first + place);
            }
        }

        @Override
        public void addTo(long[] words) {
            Arrays.fill(words, -1L);
            Bits.clearTail(words, count);
        }

        @Override
        public long heapBytes() {
            return 0;
        }
    }

    /** A few places. */
    final class Listed implements EntryBlock {
        private final char[] places;

        private Listed(char[] places) {
            this.places = places;
        }

        @Override
        public int count() {
            return places.length;
        }

        @Override
        public boolean contains(int place) {
            return Arrays.binarySearch(places, (char) place) >= 0;
        }

        @Override
        public void forEach(int first, IntConsumer visitor) {
            for (char place : places) {
                visitor.accept(first + place);
            }
        }

        @Override
        public void addTo(long[] words) {
            for (char place : places) {
                Bits.set(words, place);
            }
        }

        @Override
        public EntryBlock filtered(EntryBlock other, boolean inOther, int span) {
            char[] kept = new char[places.length];
            int count = 0;
            for (char place : places) {
                if (other.contains(place) == inOther) {
                    kept[count++] = place;
                }
            }
            return count == places.length ? this : listed(Arrays.copyOf(kept, count));
        }

        @Override
        public long heapBytes() {
            return (long) places.length * Character.BYTES;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Listed other && Arrays.equals(places, other.places);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(places);
        }
    }

    /** Many places. */
    final class Bitmap implements EntryBlock {
        private final long[] words;
        private final int count;

        private Bitmap(long[] words, int count) {
            this.words = words;
            this.count = count;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public boolean contains(int place) {
            return Bits.get(words, place);
        }

        @Override
        public void forEach(int first, IntConsumer visitor) {
            Bits.forEach(words, first, visitor);
        }

        @Override
        public void addTo(long[] into) {
            for (int w = 0; w < words.length; w++) {
                into[w] |= words[w];
            }
        }

        @Override
        public long heapBytes() {
            return (long) words.length * Long.BYTES;
        }

        @Override
        public boolean equals(Object object) {
            return object instanceof Bitmap other && Arrays.equals(words, other.words);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(words);
        }
    }
}
