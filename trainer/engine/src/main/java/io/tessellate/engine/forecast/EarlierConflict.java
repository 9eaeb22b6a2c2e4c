package io.tessellate.engine.forecast;

import io.tessellate.id.TaskId;

/**
 * How a new task's gradient lies to an earlier task's, both mean gradients at the parent's union view over the same weights:
 * {@code cos = g g_t / (|g| |g_t|)}. Below 0 a small step that lowers the new task's loss raises the earlier one's. What a whole training
 * forgets is another matter: it is a first-order statement about its first steps.
 *
 * @param task the earlier task
 * @param examples of its memory that were looked at
 * @param cosine from -1 to 1; not a number where one of the gradients is 0
 * @param length of the earlier task's gradient
 */
public record EarlierConflict(TaskId task, int examples, double cosine, double length) {}
