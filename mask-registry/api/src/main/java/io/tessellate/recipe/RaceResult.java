package io.tessellate.recipe;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a race among candidates for recipe fields came to.
 *
 * @param candidates in the order in which they were tried; the first is where the race began
 * @param winner place of the winner among them
 * @param cost in steps of the training; an example that is only read forward is a third of one that is trained on
 * @param budget what it was allowed to cost
 * @param heldOut train examples that were held out to be measured on; 0 where no race was run
 * @param earlierHeldOut examples by which it was measured what earlier tasks lose; 0: only the new task counted
 * @param remark why the winner won, in words
 */
public record RaceResult(
        List<RaceCandidate> candidates,
        int winner,
        double cost,
        double budget,
        long heldOut,
        long earlierHeldOut,
        String remark) {
    /** Copies the list and refuses a winner that is none of them. */
    public RaceResult {
        candidates = List.copyOf(candidates);
        Objects.checkIndex(winner, candidates.size());
    }

    /** The winner's values. */
    public SortedMap<String, Double> chosen() {
        return candidates.get(winner).values();
    }

    /** A line for people: what was chosen, among what, at what cost, and why. */
    public String text() {
        String others = IntStream.range(0, candidates.size())
                .filter(place -> place != winner)
                .mapToObj(candidates::get)
                .map(candidate -> numbers(candidate.values())
                        + (candidate.outcome() == RaceCandidate.Outcome.DIVERGED ? " (diverged)" : ""))
                .collect(Collectors.joining(", "));
        String raced = others.isEmpty() ? "" : " against " + others;
        return String.format(Locale.ROOT, "%s%s: %s; %.1f of %.1f steps", named(chosen()), raced, remark, cost, budget);
    }

    private static String named(SortedMap<String, Double> values) {
        return values.entrySet().stream()
                .map(value -> value.getKey() + " " + value.getValue())
                .collect(Collectors.joining(" "));
    }

    private static String numbers(SortedMap<String, Double> values) {
        return values.values().stream().map(String::valueOf).collect(Collectors.joining("/"));
    }
}
