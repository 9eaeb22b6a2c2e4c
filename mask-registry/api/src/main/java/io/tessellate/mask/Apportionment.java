package io.tessellate.mask;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Shares a number of weights out over tensors, in proportion to their sizes: each gets the whole part of its share, and what
 * is left goes to those with the largest remainders (Hamilton's method), among equals to the lower ordinal. A tensor that
 * has too few to give gives all it has, and what it lacks is shared out over the others in the same way.
 */
public final class Apportionment {
    private final long[] sizes;
    private final int[] most;
    private final int[] shares;
    private final boolean[] full;
    private long left;

    private Apportionment(long total, long[] sizes, int[] most) {
        this.sizes = sizes;
        this.most = most;
        this.shares = new int[sizes.length];
        this.full = new boolean[sizes.length];
        this.left = total;
    }

    /**
     * The share of each tensor. CAPACITY if the tensors together cannot give that many.
     *
     * @param total sum of the shares
     * @param sizes what the shares are proportional to
     * @param most largest share of each, not above its size
     */
    public static int[] of(long total, long[] sizes, int[] most) {
        long available = IntStream.of(most).asLongStream().sum();
        if (total < 0 || total > available) {
            throw new TessellateException(
                    ErrorCode.CAPACITY, "%d weights are wanted but %d may be chosen".formatted(total, available));
        }
        Apportionment apportionment = new Apportionment(total, sizes, most);
        while (apportionment.fill()) {
            // What the full ones lacked makes the others' shares larger, and may fill more of them.
        }
        apportionment.share();
        return apportionment.shares;
    }

    /** Lets the tensors whose share is more than they have give all; whether there was one. */
    private boolean fill() {
        long total = left;
        long size = open().mapToLong(t -> sizes[t]).sum();
        int[] overfull = open().filter(t -> product(total, sizes[t]).compareTo(product(most[t], size)) > 0)
                .toArray();
        for (int t : overfull) {
            full[t] = true;
            shares[t] = most[t];
            left -= most[t];
        }
        return overfull.length > 0;
    }

    private void share() {
        long total = left;
        long size = Math.max(1, open().mapToLong(t -> sizes[t]).sum());
        BigInteger[] remainders = new BigInteger[sizes.length];
        open().forEach(t -> {
            BigInteger[] share = product(total, sizes[t]).divideAndRemainder(BigInteger.valueOf(size));
            shares[t] = share[0].intValueExact();
            remainders[t] = share[1];
        });
        long rest = total - open().mapToLong(t -> shares[t]).sum();
        open().boxed()
                .sorted(Comparator.<Integer, BigInteger>comparing(t -> remainders[t])
                        .reversed())
                .limit(rest)
                .forEach(t -> shares[t]++);
    }

    /** A model's weights times a tensor's do not fit into 64 bits. */
    private static BigInteger product(long a, long b) {
        return BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
    }

    private IntStream open() {
        return IntStream.range(0, sizes.length).filter(t -> !full[t]);
    }

    /** The number of weights of each tensor in a mask. */
    static int[] sizes(Mask mask) {
        return IntStream.range(0, mask.space().tensorCount())
                .map(mask::cardinality)
                .toArray();
    }

    /** The shares of a number of candidates in proportion to how many of each tensor lie within a larger mask. */
    public static int[] of(long total, Mask within, Mask candidates) {
        long[] sizes = Arrays.stream(sizes(within)).asLongStream().toArray();
        return of(total, sizes, sizes(candidates));
    }
}
