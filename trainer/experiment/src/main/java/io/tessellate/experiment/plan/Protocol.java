package io.tessellate.experiment.plan;

/** In what way an arm learns the tasks. */
public enum Protocol {
    /** One model learns them one after the other. */
    SEQUENCE,
    /** A model of its own for every task: what each can reach alone, an upper bound that nothing can be forgotten in. */
    SINGLE,
    /** One model learns all tasks at once with all their data, every weight trained: an upper bound of another kind. */
    JOINT,
    /** Every task is learnt on the base by itself; then their adapters are merged, each task keeping its head. */
    MERGE
}
