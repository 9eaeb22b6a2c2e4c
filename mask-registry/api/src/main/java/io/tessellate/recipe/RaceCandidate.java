package io.tessellate.recipe;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Values for the recipe fields that are raced, and how they did.
 *
 * @param values by field
 * @param trials one for each round it ran in, the shortest first; none where no race was run
 * @param outcome what became of it
 */
public record RaceCandidate(SortedMap<String, Double> values, List<RaceTrial> trials, Outcome outcome) {
    /** What becomes of a candidate. */
    public enum Outcome {
        /** The task is trained with it. */
        WON,
        /** Another one was better, or as good and there before. */
        LOST,
        /** Its loss exploded or was no number. */
        DIVERGED
    }

    /** Copies the collections. */
    public RaceCandidate {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        trials = List.copyOf(trials);
    }

    /** From maps whose order does not matter. */
    public static RaceCandidate of(Map<String, Double> values, List<RaceTrial> trials, Outcome outcome) {
        return new RaceCandidate(new TreeMap<>(values), trials, outcome);
    }
}
