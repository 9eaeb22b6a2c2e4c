package io.tessellate.experiment.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How much of a plan a report is of. It is of whole seeds alone, those of which every arm has run on every stream: a mean over other seeds in
 * one arm than in another would compare samples, not arms.
 *
 * @param planned the plan's seeds
 * @param whole those that the report is of, in the plan's order
 * @param missing what has not run, a line each
 */
public record Coverage(List<Long> planned, List<Long> whole, List<String> missing) {
    /** Copies the lists. */
    public Coverage {
        planned = List.copyOf(planned);
        whole = List.copyOf(whole);
        missing = List.copyOf(missing);
    }

    /** Of the first seeds of a plan, while it goes on with the others. */
    public static Coverage ofFirst(int seeds, List<Long> planned) {
        return new Coverage(
                planned,
                planned.subList(0, seeds),
                planned.stream()
                        .skip(seeds)
                        .map("seed %d: to be run"::formatted)
                        .toList());
    }

    /** As tables say it: how many seeds, and of how many and which if that is not all. */
    String seeds() {
        return whole.size() == planned.size()
                ? String.valueOf(whole.size())
                : "%d of %d".formatted(whole.size(), planned.size());
    }

    /** What stands before everything else while something is missing; empty if nothing is. */
    public String warning() {
        return missing.isEmpty()
                ? ""
                : "**Unfinished:** %s of the plan's %d seeds %s whole%s. Missing:\n\n%s\n\n"
                        .formatted(
                                whole.isEmpty() ? "none" : String.valueOf(whole.size()),
                                planned.size(),
                                whole.size() == 1 ? "is" : "are",
                                whole.isEmpty()
                                        ? ", so there is no table"
                                        : " (%s); all below is of these".formatted(list()),
                                missing.stream().map("- "::concat).collect(Collectors.joining("\n")));
    }

    private String list() {
        return whole.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
