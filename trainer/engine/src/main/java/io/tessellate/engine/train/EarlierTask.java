package io.tessellate.engine.train;

import io.tessellate.engine.model.Head;

/**
 * A task the model has learnt, to be replayed.
 *
 * @param data what it was trained on
 * @param head its head as committed; stays as it is
 * @param ordinal its place among the tasks of the parent version, which may have others that are not looked back at
 */
public record EarlierTask(TaskData data, Head head, int ordinal) {}
