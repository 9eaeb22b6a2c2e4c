package io.tessellate.pipeline.check;

import java.util.List;

/** One of the eight promises of the README: what it says, and whether a history keeps it. */
sealed interface Promise
        permits OneOwner,
                OwnedValuesStay,
                TaskViewStays,
                TrainedOnce,
                OneRowPerVersion,
                NoRecordVanishes,
                SameInputSameWeights,
                ChampionPassed {

    /** All of them, in the order of the README. */
    static List<Promise> all() {
        return List.of(
                new OneOwner(),
                new OwnedValuesStay(),
                new TaskViewStays(),
                new TrainedOnce(),
                new OneRowPerVersion(),
                new NoRecordVanishes(),
                new SameInputSameWeights(),
                new ChampionPassed());
    }

    /** Its number in the README. */
    int number();

    /** What it says, in a sentence. */
    String says();

    /** Holds a history against it. */
    PromiseVerdict examine(History history);
}
