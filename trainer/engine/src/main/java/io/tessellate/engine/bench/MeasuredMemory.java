package io.tessellate.engine.bench;

/**
 * What a training took of the process it ran in. The parts are the most of each at any time, not at one time.
 *
 * @param process bytes of the largest resident set; 0 where the system does not tell
 * @param vectors bytes of the backend's vectors
 * @param heap bytes that the Java heap had grown to
 * @param idle bytes of the resident set before the model was read, with the backend open
 * @param steps that the training took
 */
public record MeasuredMemory(long process, long vectors, long heap, long idle, long steps) {}
