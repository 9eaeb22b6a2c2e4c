package io.tessellate.engine.model.text;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * How the next token is chosen from its logits: divided by the temperature, cut to the best {@code topK}, then to the
 * fewest best whose probability is at least {@code topP} together (Holtzman et al. 2020), then drawn.
 *
 * @param temperature 0 for always the best token, else positive
 * @param topK number of tokens kept; 0 for all
 * @param topP probability kept, in (0, 1]
 * @param seed of the draws; prompts draw independently of each other
 */
public record Sampling(double temperature, int topK, double topP, long seed) {
    /** Always the best token; of equals the one of the lowest id. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0);

    /** Checks every number. */
    public Sampling {
        require(temperature >= 0 && Double.isFinite(temperature), "temperature must be at least 0", temperature);
        require(topK >= 0, "top-k must be at least 0", topK);
        require(topP > 0 && topP <= 1, "top-p must be above 0 and at most 1", topP);
    }

    private static void require(boolean holds, String rule, Number value) {
        if (!holds) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "%s, not %s".formatted(rule, value));
        }
    }

    /** The draws for one prompt: a hash of both, since generators of neighbouring seeds repeat each other. */
    RandomGenerator draws(Sha256 prompt) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
        digest.update(prompt.bytes());
        return new SplittableRandom(ByteBuffer.wrap(digest.digest()).getLong());
    }

    /** Draws from the logits from {@code from} on. */
    int choose(float[] logits, int from, int vocabulary, RandomGenerator random) {
        if (temperature == 0) {
            return best(logits, from, vocabulary);
        }
        int[] order = ranked(logits, from, vocabulary);
        double[] weights = new double[order.length];
        double most = logits[from + order[0]];
        for (int i = 0; i < order.length; i++) {
            weights[i] = Math.exp((logits[from + order[i]] - most) / temperature);
        }
        return order[draw(weights, random.nextDouble())];
    }

    private static int best(float[] logits, int from, int vocabulary) {
        int best = 0;
        for (int id = 1; id < vocabulary; id++) {
            if (logits[from + id] > logits[from + best]) {
                best = id;
            }
        }
        return best;
    }

    /** The tokens kept by {@code topK}, best first, of equals the lowest id first. */
    private int[] ranked(float[] logits, int from, int vocabulary) {
        long[] ranks = topK == 0 || topK >= vocabulary
                ? allRanks(logits, from, vocabulary)
                : leastRanks(logits, from, vocabulary);
        Arrays.sort(ranks);
        return Arrays.stream(ranks).mapToInt(rank -> (int) rank).toArray();
    }

    private static long[] allRanks(float[] logits, int from, int vocabulary) {
        long[] ranks = new long[vocabulary];
        for (int id = 0; id < vocabulary; id++) {
            ranks[id] = rank(logits[from + id], id);
        }
        return ranks;
    }

    /** The {@code topK} least; only a few of a large vocabulary ever enter the queue. */
    private long[] leastRanks(float[] logits, int from, int vocabulary) {
        PriorityQueue<Long> kept = new PriorityQueue<>((a, b) -> Long.compare(b, a));
        for (int id = 0; id < topK; id++) {
            kept.add(rank(logits[from + id], id));
        }
        long worst = kept.element();
        for (int id = topK; id < vocabulary; id++) {
            long rank = rank(logits[from + id], id);
            if (rank < worst) {
                kept.remove();
                kept.add(rank);
                worst = kept.element();
            }
        }
        return kept.stream().mapToLong(Long::longValue).toArray();
    }

    /** Orders by falling logit, then by id, as one number: floats of one sign are ordered as their bits are. */
    private static long rank(float logit, int id) {
        int bits = Float.floatToIntBits(logit + 0f);
        int rising = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) ~rising << Integer.SIZE | id;
    }

    /** An index drawn by descending weights, of which only so many first are kept as have the probability asked for. */
    private int draw(double[] weights, double uniform) {
        double all = Arrays.stream(weights).sum();
        double kept = 0;
        int count = 0;
        while (count < weights.length && (count == 0 || kept < topP * all)) {
            kept += weights[count++];
        }
        double left = uniform * kept;
        for (int i = 0; i < count - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return count - 1;
    }
}
