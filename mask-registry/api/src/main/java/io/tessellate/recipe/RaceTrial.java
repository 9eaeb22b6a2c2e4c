package io.tessellate.recipe;

/**
 * A short training of a candidate, measured on what is held out. Losses are shares of what the best constant answer loses, so
 * that tasks of different objectives weigh the same.
 *
 * @param steps that it took
 * @param unlearnt loss of the new task; 1: nothing was learnt
 * @param forgotten by how much the losses of the earlier tasks rose in the union view, added up
 */
public record RaceTrial(long steps, double unlearnt, double forgotten) {
    /** What a race holds candidates against each other by: the less the better. */
    public double score() {
        return unlearnt + forgotten;
    }
}
