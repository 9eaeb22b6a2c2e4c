package io.tessellate.engine.model;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How the next token is chosen from its logits: divided by the temperature, cut to the best {@code topK}, then to the
 * fewest best whose probability is at least {@code topP} together (Holtzman et al. 2020), then drawn.
 *
 * @param temperature 0 for always the best token, else positive
 * @param topK number of tokens kept; 0 for all
 * @param topP probability kept, in (0, 1]
 * @param seed of the draws; sequences of one batch draw independently
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

    /** Draws from the logits from {@code from} on. */
    int choose(float[] logits, int from, int vocabulary, RandomGenerator random) {
        if (temperature == 0) {
            return best(logits, from, vocabulary);
        }
        int[] order = IntStream.range(0, vocabulary)
                .boxed()
                .sorted(Comparator.comparing((Integer id) -> -logits[from + id]).thenComparing(id -> id))
                .mapToInt(Integer::intValue)
                .limit(topK == 0 ? vocabulary : topK)
                .toArray();
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
