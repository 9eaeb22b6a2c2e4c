package io.tessellate.ingest.attempt;

/** Where an attempt at a dataset stands. The order is part of the stores' format. */
enum AttemptPhase {
    /** Records are read. */
    FILLING,
    /** It was refused; the next record or manifest begins a new attempt, or mends it. */
    REJECTED,
    /** It was sound; nothing changes it any more, unless what was made of it fails. */
    CLOSED,
    /** It has all its records; before it is said to be ready its topic is looked at. Newcomers wait. */
    CLOSING
}
