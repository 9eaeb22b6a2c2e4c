package io.tessellate.engine.metric;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a stream of tasks is judged by, from the lower triangle R of its scores: {@code R[k][j]} is the score of task j
 * after task k was learnt, both counted from 0 here.
 *
 * <p>Means are over the tasks that have an earlier score, T-1 of them, as in the GEM paper; its published code divides
 * by T.
 */
public final class ContinualMetrics {
    private final List<List<Double>> rows;

    private ContinualMetrics(List<List<Double>> rows) {
        this.rows = rows;
    }

    /** Metrics of the rows measured so far: row k holds the scores of tasks 0 to k. */
    public static ContinualMetrics of(List<List<Double>> rows) {
        if (rows.isEmpty()) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "an accuracy matrix needs at least one row");
        }
        for (int k = 0; k < rows.size(); k++) {
            if (rows.get(k).size() != k + 1) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "row %d of an accuracy matrix must have %d scores, not %d"
                                .formatted(k + 1, k + 1, rows.get(k).size()));
            }
        }
        return new ContinualMetrics(rows.stream().map(List::copyOf).toList());
    }

    /** ACC: mean of the last row. */
    public double averageAccuracy() {
        return last().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Mean of the diagonal: what each task reached just after it was learnt. */
    public double learningAccuracy() {
        return IntStream.range(0, rows.size())
                .mapToDouble(j -> score(j, j))
                .average()
                .orElseThrow();
    }

    /** BWT: mean over earlier tasks of the score now minus the score when learnt; empty for a single row. */
    public OptionalDouble backwardTransfer() {
        return IntStream.range(0, rows.size() - 1)
                .mapToDouble(j -> now(j) - score(j, j))
                .average();
    }

    /** F of Chaudhry and others (2018): mean over earlier tasks of the best earlier score minus the score now. */
    public OptionalDouble forgetting() {
        return IntStream.range(0, rows.size() - 1).mapToDouble(this::drop).average();
    }

    /**
     * FWT of Lopez-Paz and Ranzato (2017): the mean over tasks 2 to T of {@code R[j-1][j] - b_j}, what a task scores just before it is
     * learnt minus what it scores on the untrained model; empty without any. Of a task whose head is learnt with it neither number
     * exists, and it is left out.
     *
     * @param before scores of those tasks before they were learnt
     * @param untrained their scores on the untrained model
     */
    public static OptionalDouble forwardTransfer(List<Double> before, List<Double> untrained) {
        if (before.size() != untrained.size()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%d scores before learning need as many of the untrained model, not %d"
                            .formatted(before.size(), untrained.size()));
        }
        return IntStream.range(0, before.size())
                .mapToDouble(j -> before.get(j) - untrained.get(j))
                .average();
    }

    /**
     * I_k of Chaudhry and others (2018): the score of a reference model minus that of task k when it was learnt, {@code a*_k - R[k][k]}.
     * Below 0 the stream helped.
     *
     * @param bound of a model that learnt the data of tasks 1 to k together
     * @param learnt R[k][k]
     */
    public static double intransigence(double bound, double learnt) {
        return bound - learnt;
    }

    /** Best earlier score minus the score now, for each task of the last row; 0 for the newest. */
    public List<Double> drops() {
        return IntStream.range(0, rows.size()).mapToObj(this::drop).toList();
    }

    private double drop(int j) {
        return IntStream.range(j, rows.size() - 1)
                        .mapToDouble(k -> score(k, j))
                        .max()
                        .orElse(now(j))
                - now(j);
    }

    private double now(int j) {
        return last().get(j);
    }

    private double score(int k, int j) {
        return rows.get(k).get(j);
    }

    private List<Double> last() {
        return rows.get(rows.size() - 1);
    }
}
