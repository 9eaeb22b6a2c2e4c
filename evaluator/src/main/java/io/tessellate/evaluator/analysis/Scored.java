package io.tessellate.evaluator.analysis;

import io.tessellate.engine.metric.Outcomes;
import io.tessellate.engine.metric.ScoreInterval;

/**
 * A score with its examples.
 *
 * @param value the score
 * @param outcomes what it is made of
 */
record Scored(double value, Outcomes outcomes) {
    ScoreInterval interval() {
        return ScoreInterval.of(outcomes);
    }
}
