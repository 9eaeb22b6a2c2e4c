package io.tessellate.evaluator.live;

import io.tessellate.engine.metric.ScoreInterval;
import io.tessellate.evaluator.matrix.View;

/**
 * How one view of a task at one version does on what it was asked, as far as labels came back.
 *
 * @param metric what the score is, the metric of the task
 * @param score of the newest answers whose labels came back
 * @param examples how many they are
 * @param labelled all answers so far whose labels came back
 */
public record LiveScore(
        View view, int version, String metric, double score, ScoreInterval interval, long examples, long labelled) {}
