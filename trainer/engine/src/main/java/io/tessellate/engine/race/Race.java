package io.tessellate.engine.race;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.recipe.RaceCandidate;
import io.tessellate.recipe.RaceCandidate.Outcome;
import io.tessellate.recipe.RaceResult;
import io.tessellate.recipe.RaceTrial;
import io.tessellate.recipe.RecipeField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A race among candidates: the prior, and of each field the value above and the one below. Rounds of successive halving, in which
 * the prior stays; it wins unless another one is better by more than two standard errors: short trials and few held-out examples
 * tell little, and the prior was found with many. A lower rate also has to have learnt as much in the same steps: that it forgets less for
 * having moved less is no merit, unless the prior does harm; to earlier tasks that shows only in trials of a quarter of the course. Where the best lies at the grid's edge, the grid goes on in that direction as long
 * as the budget lasts; above the highest rate only by trials of at least a quarter of the course.
 */
public final class Race {
    /**
     * Number of the rules, which goes up with every change by which a race may come to another winner: where it begins, what is tried,
     * how that is measured, who wins. What was kept of a race by other rules is not gone on with.
     */
    public static final int RULES = 10;

    private static final String RATE = RecipeField.LEARNING_RATE.text();

    /** Standard errors by which another one has to be better than the prior. */
    private static final double ERRORS = 2;

    /** The share of the whole course from which on a trial tells of rates above the prior, and of what a rate makes earlier tasks lose. */
    private static final double LONG_ENOUGH = 0.25;

    private final List<RecipeField> fields;
    private final SortedMap<String, Double> prior;
    private final double steps;
    private final double budget;
    private final Trials trials;
    private final Map<SortedMap<String, Double>, List<Measurement>> tried = new LinkedHashMap<>();
    private double cost;
    private double longest;
    private boolean tellsHigher;

    /**
     * A race about to start.
     *
     * @param fields those that are raced
     * @param prior their values where it begins
     * @param steps of the whole training
     * @param budget most that it may cost, in such steps
     */
    public Race(List<RecipeField> fields, SortedMap<String, Double> prior, double steps, double budget, Trials trials) {
        this.fields = List.copyOf(fields);
        this.prior = new TreeMap<>(prior);
        this.steps = steps;
        this.budget = budget;
        this.trials = trials;
        this.cost = trials.overhead();
    }

    /** Whether a budget, in steps, can have room for any race for these fields, whatever measuring costs. */
    public static boolean hasRoom(List<RecipeField> fields, double budget) {
        return budget >= RacePlan.FEWEST_STEPS * (2 + fields.size());
    }

    /** What comes of none: the values where it would have begun. */
    public static RaceResult none(SortedMap<String, Double> prior, double steps, double budget) {
        RaceCandidate only = new RaceCandidate(prior, List.of(), Outcome.WON);
        String remark = "where races begin, for %d steps have no room for one".formatted(Math.round(steps));
        return new RaceResult(List.of(only), 0, 0, budget, 0, 0, remark);
    }

    /** Runs it; DIVERGED if every candidate that the budget had room for diverged. */
    public RaceResult run() {
        List<SortedMap<String, Double>> running = grid();
        List<RacePlan.Round> rounds = plan(running).rounds();
        if (rounds.isEmpty()) {
            return none(prior, steps, budget);
        }
        tellsHigher = rounds.get(rounds.size() - 1).share() >= LONG_ENOUGH;
        for (int round = 0; round < rounds.size(); round++) {
            double share = rounds.get(round).share();
            running = round == 0 ? running : best(running, rounds.get(round).places());
            running.forEach(candidate -> trial(candidate, share));
            running = widened(running, share, costOf(rounds.subList(round + 1, rounds.size())));
        }
        requireOne(running);
        return decided(running);
    }

    private List<SortedMap<String, Double>> grid() {
        List<SortedMap<String, Double>> grid = new ArrayList<>(List.of(prior));
        for (RecipeField field : fields) {
            Stream.of(false, true).forEach(above -> beside(prior, field, above).ifPresent(grid::add));
        }
        return grid;
    }

    private static Optional<SortedMap<String, Double>> beside(
            SortedMap<String, Double> values, RecipeField field, boolean above) {
        var next = field.grid().orElseThrow().beside(values.get(field.text()), above);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        SortedMap<String, Double> changed = new TreeMap<>(values);
        changed.put(field.text(), next.getAsDouble());
        return Optional.of(changed);
    }

    private RacePlan plan(List<SortedMap<String, Double>> grid) {
        return RacePlan.of(grid.size(), steps, budget - trials.overhead(), share -> dearest(grid, share));
    }

    private double dearest(List<SortedMap<String, Double>> candidates, double share) {
        return candidates.stream()
                .mapToDouble(candidate -> trials.cost(candidate, share))
                .max()
                .orElse(0);
    }

    private double costOf(List<RacePlan.Round> rounds) {
        return rounds.stream()
                .mapToDouble(round -> round.places() * dearest(grid(), round.share()))
                .sum();
    }

    private void trial(SortedMap<String, Double> candidate, double share) {
        Measurement measurement = trials.run(candidate, share);
        cost += measurement.cost();
        longest = Math.max(longest, share);
        tried.computeIfAbsent(candidate, first -> new ArrayList<>()).add(measurement);
    }

    /** The prior, unless it diverged, and the best of the others. */
    private List<SortedMap<String, Double>> best(List<SortedMap<String, Double>> candidates, int places) {
        List<SortedMap<String, Double>> sound = candidates.stream()
                .filter(candidate -> !last(candidate).isDiverged())
                .toList();
        Stream<SortedMap<String, Double>> first = sound.stream().filter(candidate -> candidate.equals(prior));
        Stream<SortedMap<String, Double>> others = ordered(sound).filter(candidate -> !candidate.equals(prior));
        return Stream.concat(first, others).limit(places).toList();
    }

    private Stream<SortedMap<String, Double>> ordered(List<SortedMap<String, Double>> candidates) {
        return candidates.stream().sorted(Comparator.comparingDouble(this::rank));
    }

    /** A lower rate without merit is no better than the prior, which stands before it, nor is a higher one that seems so. */
    private double rank(SortedMap<String, Double> candidate) {
        double score = last(candidate).score();
        boolean level = isWithoutMerit(candidate) || isFlattered(candidate);
        return level ? Math.max(score, last(prior).score()) : score;
    }

    /**
     * Short trials flatter high rates, which learn more in the first steps whatever they come to, and move the weights further, which costs tasks
     * that are yet to come: above the prior only a race with trials that are long enough is believed.
     */
    private boolean isFlattered(SortedMap<String, Double> candidate) {
        return !tellsHigher && isHigher(candidate) && !last(prior).isDiverged();
    }

    private boolean isHigher(SortedMap<String, Double> candidate) {
        return candidate.getOrDefault(RATE, 0.0) > prior.getOrDefault(RATE, 0.0);
    }

    private boolean isWithoutMerit(SortedMap<String, Double> candidate) {
        boolean lower = candidate.getOrDefault(RATE, 0.0) < prior.getOrDefault(RATE, 0.0);
        boolean harm =
                last(prior).harmsNew() || longest >= LONG_ENOUGH && last(prior).harmsEarlier();
        return lower && !harm && !last(candidate).hasLearntAsMuchAs(last(prior));
    }

    private Measurement last(SortedMap<String, Double> candidate) {
        List<Measurement> all = tried.get(candidate);
        return all.get(all.size() - 1);
    }

    /** With further candidates beyond the edge as long as the best lies there and the budget has room for later rounds. */
    private List<SortedMap<String, Double>> widened(
            List<SortedMap<String, Double>> running, double share, double reserved) {
        List<SortedMap<String, Double>> all = new ArrayList<>(running);
        Optional<SortedMap<String, Double>> next = beyond(all);
        while (next.isPresent() && cost + trials.cost(next.get(), share) + reserved <= budget) {
            trial(next.get(), share);
            all.add(next.get());
            next = beyond(all);
        }
        return all;
    }

    /** What lies beyond the best and was not tried yet; if all diverged, below the lowest rate. */
    private Optional<SortedMap<String, Double>> beyond(List<SortedMap<String, Double>> candidates) {
        if (candidates.stream().allMatch(candidate -> last(candidate).isDiverged())) {
            return lowestRate(candidates).flatMap(lowest -> beside(lowest, RecipeField.LEARNING_RATE, false));
        }
        SortedMap<String, Double> best = ordered(candidates).findFirst().orElseThrow();
        return fields.stream()
                .filter(field -> !best.get(field.text()).equals(prior.get(field.text())))
                .flatMap(field -> beside(best, field, best.get(field.text()) > prior.get(field.text())).stream())
                .filter(candidate -> !tried.containsKey(candidate))
                .filter(this::isTold)
                .findFirst();
    }

    private boolean isTold(SortedMap<String, Double> candidate) {
        return longest >= LONG_ENOUGH || !isHigher(candidate);
    }

    private Optional<SortedMap<String, Double>> lowestRate(List<SortedMap<String, Double>> candidates) {
        return fields.contains(RecipeField.LEARNING_RATE)
                ? candidates.stream().min(Comparator.comparing(values -> values.get(RATE)))
                : Optional.empty();
    }

    private void requireOne(List<SortedMap<String, Double>> running) {
        if (running.stream().allMatch(candidate -> last(candidate).isDiverged())) {
            throw new TessellateException(
                    ErrorCode.DIVERGED,
                    "every candidate of the race diverged within %d steps: %s"
                            .formatted(
                                    running.stream()
                                            .mapToLong(
                                                    candidate -> last(candidate).steps())
                                            .max()
                                            .orElse(0),
                                    tried.keySet()));
        }
    }

    private RaceResult decided(List<SortedMap<String, Double>> running) {
        SortedMap<String, Double> best = ordered(running).findFirst().orElseThrow();
        if (best.equals(prior)) {
            boolean flattered = running.stream()
                    .anyMatch(one ->
                            isFlattered(one) && last(one).score() < last(prior).score());
            return result(
                    prior,
                    flattered
                            ? "where the race began, for trials this short do not tell whether a higher rate is better"
                            : "where the race began, and the best");
        }
        return ordered(running)
                .filter(this::isClear)
                .findFirst()
                .map(clear -> result(
                        clear,
                        clear.equals(best) && beyond(running).isPresent()
                                ? "the best, at the edge of what was tried"
                                : "the best that is clearly better than where the race began"))
                .orElseGet(() -> result(prior, "where the race began, and none was clearly better"));
    }

    private boolean isClear(SortedMap<String, Double> candidate) {
        if (candidate.equals(prior) || isWithoutMerit(candidate) || isFlattered(candidate)) {
            return false;
        }
        return last(prior).isDiverged() || last(candidate).betterThan(last(prior), ERRORS);
    }

    private RaceResult result(SortedMap<String, Double> winner, String remark) {
        List<RaceCandidate> candidates = tried.entrySet().stream()
                .map(entry -> new RaceCandidate(
                        entry.getKey(),
                        entry.getValue().stream()
                                .filter(measurement -> !measurement.isDiverged())
                                .map(one -> new RaceTrial(one.steps(), one.unlearnt(), one.forgotten()))
                                .toList(),
                        outcome(entry.getKey(), winner)))
                .toList();
        int place = List.copyOf(tried.keySet()).indexOf(winner);
        return new RaceResult(candidates, place, cost, budget, trials.heldOut(), trials.earlierHeldOut(), remark);
    }

    private Outcome outcome(SortedMap<String, Double> candidate, SortedMap<String, Double> winner) {
        if (candidate.equals(winner)) {
            return Outcome.WON;
        }
        return last(candidate).isDiverged() ? Outcome.DIVERGED : Outcome.LOST;
    }
}
