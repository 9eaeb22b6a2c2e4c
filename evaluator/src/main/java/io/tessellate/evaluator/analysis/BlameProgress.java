package io.tessellate.evaluator.analysis;

/**
 * How far a blame is.
 *
 * @param scored how often the eval split was scored
 * @param scorings how often it is going to be, as far as is known; 0 while it waits
 * @param doing what is scored now, or waited for
 */
public record BlameProgress(int scored, int scorings, String doing) {}
