package io.tessellate.experiment.result;

/**
 * How far learning a task moved a model's weights, and what that does to the tasks before it.
 *
 * @param norm Euclidean norm of the change of all weights
 * @param predicted by how much the mean train loss of the earlier tasks should rise, by the slope and the curvature of that loss along the
 *     change where the task begins; 0 for a first task
 * @param risen by how much it did rise
 */
public record Moved(double norm, double predicted, double risen) {}
