package io.tessellate.engine.recipe;

import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Random numbers of a run, one independent stream per purpose, so that drawing more for one purpose changes no other.
 * {@link Random} because its algorithm is part of the Java specification.
 */
public record Seeds(long seed) {

    public Random of(String purpose) {
        return of(purpose, 0);
    }

    public Random of(String purpose, long index) {
        byte[] identity = (seed + "\n" + purpose + "\n" + index).getBytes(StandardCharsets.UTF_8);
        return new Random(ByteBuffer.wrap(Sha256.of(identity).bytes()).getLong());
    }

    /** The numbers 0 to n-1 in random order. */
    public static int[] permutation(int n, Random random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
