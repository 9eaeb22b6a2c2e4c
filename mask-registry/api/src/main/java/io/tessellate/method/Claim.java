package io.tessellate.method;

/** What a method asks the registry for before it trains. */
public enum Claim {
    /** Any weight, whoever owns it: only models with shared ownership grant that. */
    EVERYTHING,
    /** A number of weights; which ones is found out in training. */
    SHARE,
    /** The same number of weights in every row or column; which ones is found out from what is free. */
    REGULAR,
    /** One class of a partition of all weights, known before training. */
    CLASS
}
