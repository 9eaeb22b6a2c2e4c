package io.tessellate.mask.expander;

import io.tessellate.mask.SplitMix;

/**
 * A matrix whose cells are coloured so that every row has the same number of cells of each colour, mixed by switches: where
 * rows i, i' and columns j, j' carry t, u over u, t, the two rows exchange these columns' colours; and likewise along more
 * columns, t, u, v over u, v, t. Each row keeps its number of cells of every colour, each column its colours, so all degrees
 * stay; each cell keeps one colour, so the colours stay disjoint. The cells that no colour takes count as one more.
 *
 * <p>In a full matrix of many colours hardly two columns of two rows can be switched, while longer switches always exist: an
 * arrow from each column's colour in one row to its colour in the other makes a graph in which every colour has as many arrows
 * in as out, so the columns fall into closed walks over colours. Two rows are mixed by walking at random until all columns are
 * used up, and exchanging each walk with probability one half. A sweep takes the rows in random pairs.
 */
final class ColourSwitches {
    /** Twice what the second singular value needs to settle; measured in docs/results/expander.md. */
    static final int SWEEPS = 16;

    private final int rows;
    private final int columns;
    private final int degree;
    /** [row * columns + slot]: the columns of a row ordered by colour, colour t in slots t * degree to (t + 1) * degree. */
    private final int[] ordered;
    /** Colour of a slot. */
    private final int[] colour;

    private final SplitMix random;

    private ColourSwitches(RegularDegrees degrees, long seed) {
        this.rows = degrees.tensor().rows();
        this.columns = degrees.tensor().columns();
        this.degree = degrees.ofRow();
        this.ordered = intervals(rows, columns, degree);
        this.colour = new int[columns];
        for (int slot = 0; slot < columns; slot++) {
            colour[slot] = Math.min(slot / degree, degrees.classes());
        }
        this.random = SplitMix.stream("tessellate-switches/1/" + seed + '/' + rows + '/' + columns + '/' + degree);
    }

    static ColourSwitches mixed(RegularDegrees degrees, long seed) {
        return mixed(degrees, seed, SWEEPS);
    }

    static ColourSwitches mixed(RegularDegrees degrees, long seed, int sweeps) {
        ColourSwitches colours = new ColourSwitches(degrees, seed);
        RowPair pair = colours.new RowPair();
        for (int sweep = 0; sweep < sweeps; sweep++) {
            int[] order = colours.random.permutation(colours.rows);
            for (int n = 0; n + 1 < order.length; n += 2) {
                pair.mix(order[n], order[n + 1]);
            }
        }
        return colours;
    }

    /** In row i colour t begins at column (i + t) * degree, around the end: so rows cover the columns one after the other. */
    private static int[] intervals(int rows, int columns, int degree) {
        int[] ordered = new int[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int slot = 0; slot < columns; slot++) {
                ordered[row * columns + slot] = (int) (((long) row * degree + slot) % columns);
            }
        }
        return ordered;
    }

    /** Visits the cells of a colour, row by row. */
    void forEach(int which, CellVisitor visitor) {
        for (int row = 0; row < rows; row++) {
            for (int slot = which * degree; slot < (which + 1) * degree; slot++) {
                visitor.cell(row, ordered[row * columns + slot]);
            }
        }
    }

    /** Sees one cell. */
    @FunctionalInterface
    interface CellVisitor {
        void cell(int row, int column);
    }

    /** Two rows that are mixed with one another. */
    private final class RowPair {
        private final int[] otherSlots = new int[columns];
        /** How many slots of a colour no walk has used; used ones lie behind. */
        private final int[] unused = new int[colour[columns - 1] + 1];
        /** Slots of the walk in the first row, in its order. */
        private final int[] walk = new int[columns];

        private int first;
        private int second;

        void mix(int row, int other) {
            first = row * columns;
            second = other * columns;
            for (int t = 0; t < unused.length; t++) {
                unused[t] = Math.min(degree, columns - t * degree);
            }
            for (int slot = 0; slot < columns; slot++) {
                otherSlots[ordered[second + slot]] = slot;
            }
            for (int t = 0; t < unused.length; t++) {
                while (unused[t] > 0) {
                    int length = walkFrom(t);
                    if (random.next() < 0) {
                        exchange(length);
                    }
                }
            }
        }

        /** Walks from a colour until it comes back to it; the number of columns on the way. */
        private int walkFrom(int start) {
            int length = 0;
            int t = start;
            do {
                int slot = draw(t);
                walk[length++] = slot;
                t = colour[otherSlots[ordered[first + slot]]];
            } while (t != start);
            return length;
        }

        /** One of the first row's unused slots of a colour. */
        private int draw(int t) {
            int begin = first + t * degree;
            int drawn = begin + random.below(unused[t]);
            int last = begin + --unused[t];
            int column = ordered[drawn];
            ordered[drawn] = ordered[last];
            ordered[last] = column;
            return last - first;
        }

        /** In the first row every column takes the next one's slot, in the second the slot of the one before. */
        private void exchange(int length) {
            int last = ordered[first + walk[length - 1]];
            int freed = otherSlots[last];
            for (int n = length - 1; n > 0; n--) {
                int column = ordered[first + walk[n - 1]];
                ordered[first + walk[n]] = column;
            }
            ordered[first + walk[0]] = last;
            for (int n = 0; n < length; n++) {
                int column = ordered[first + walk[(n + 1) % length]];
                int slot = otherSlots[column];
                ordered[second + freed] = column;
                freed = slot;
            }
        }
    }
}
