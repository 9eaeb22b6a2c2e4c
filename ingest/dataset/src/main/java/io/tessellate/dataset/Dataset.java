package io.tessellate.dataset;

import io.tessellate.id.Sha256;
import java.util.List;

/**
 * The accepted examples of a closed dataset, in the order of (partition, offset).
 *
 * @param train examples to train on
 * @param eval examples to measure with
 * @param digest content digest over both
 */
public record Dataset(List<Example> train, List<Example> eval, Sha256 digest) {
    public Dataset {
        train = List.copyOf(train);
        eval = List.copyOf(eval);
    }

    /** The examples of one split. */
    public List<Example> split(Split split) {
        return switch (split) {
            case TRAIN -> train;
            case EVAL -> eval;
        };
    }
}
