package io.tessellate.engine.method;

import io.tessellate.mask.Mask;
import io.tessellate.mask.Scores;
import java.util.random.RandomGenerator;

/**
 * A choice to be made.
 *
 * @param candidates weights to choose from
 * @param count how many to choose
 * @param request what the choice is for
 */
public record Selection(Mask candidates, long count, PlanRequest request) {
    /** Whether there is nothing to choose. */
    public boolean isAll() {
        return count == candidates.cardinality();
    }

    /** The same number, chosen among other weights. */
    public Selection among(Mask others) {
        return new Selection(others, count, request);
    }

    /** The candidates of highest score; of those that the task has not trained yet no more than are granted. */
    public Mask highest(Scores scores) {
        Mask chosen = highest(candidates, count, scores);
        Mask touched = request.weights().touched();
        long room = request.grant().budget() - touched.cardinality();
        if (chosen.minus(touched).cardinality() <= room || touched.isEmpty()) {
            return chosen;
        }
        Mask fresh = highest(candidates.minus(touched), room, scores);
        return fresh.union(highest(candidates.intersection(touched), count - room, scores));
    }

    /** The candidates of lowest score. */
    public Mask lowest(Scores scores) {
        return scope().highest(candidates, count, candidates, (tensor, index) -> -scores.at(tensor, index));
    }

    /** Candidates drawn with equal chances. */
    public Mask drawn(RandomGenerator random) {
        return scope().drawn(candidates, count, within(), random);
    }

    private Mask highest(Mask among, long number, Scores scores) {
        return scope().highest(among, number, within(), scores);
    }

    private MaskScope scope() {
        return request.size().scope();
    }

    private Mask within() {
        return request.weights().targeted();
    }
}
