package io.tessellate.mask.expander;

import io.tessellate.mask.SplitMix;

/**
 * Mixes a choice of cells without changing how many there are in any row or column: two rows put the columns that one of them
 * has chosen and the other could choose together and share them out anew (curveball trades). Cells that are taken are never
 * chosen.
 */
final class RowTrades {
    /** After so many rounds in which every row trades once the second singular value has settled. */
    private static final int SWEEPS = 16;

    private final BitMatrix taken;
    private final BitMatrix chosen;
    private final SplitMix random;
    private final int[] pool;

    private RowTrades(BitMatrix taken, BitMatrix chosen, SplitMix random) {
        this.taken = taken;
        this.chosen = chosen;
        this.random = random;
        this.pool = new int[taken.columns()];
    }

    static void mix(BitMatrix taken, BitMatrix chosen, SplitMix random) {
        RowTrades trades = new RowTrades(taken, chosen, random);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            int[] order = random.permutation(taken.rows());
            for (int n = 0; n + 1 < order.length; n += 2) {
                trades.trade(order[n], order[n + 1]);
            }
        }
    }

    private void trade(int row, int other) {
        int given = collect(row, other, 0);
        int all = collect(other, row, given);
        for (int n = 0; n < given; n++) {
            int drawn = n + random.below(all - n);
            int column = pool[drawn];
            pool[drawn] = pool[n];
            pool[n] = column;
        }
        for (int n = 0; n < all; n++) {
            int owner = n < given ? row : other;
            int loser = n < given ? other : row;
            chosen.set(owner, pool[n]);
            chosen.clear(loser, pool[n]);
        }
    }

    /** Adds the columns that one row has chosen and the other could choose to the pool. */
    private int collect(int from, int to, int count) {
        int next = count;
        for (int word = 0; word < chosen.row(from).length; word++) {
            long tradable = chosen.row(from)[word] & ~chosen.row(to)[word] & ~taken.row(to)[word];
            for (long rest = tradable; rest != 0; rest &= rest - 1) {
                pool[next++] = (word << 6) + Long.numberOfTrailingZeros(rest);
            }
        }
        return next;
    }
}
