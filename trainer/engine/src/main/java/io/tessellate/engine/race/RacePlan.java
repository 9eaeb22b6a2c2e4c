package io.tessellate.engine.race;

import java.util.ArrayList;
import java.util.List;

/**
 * The rounds of a race: successive halving (Jamieson and Talwalkar 2016,
 * <a href="https://arxiv.org/abs/1502.07943">1502.07943</a>). Each round trains half as many candidates twice as long, as many
 * rounds as the budget has room for. The first has one place more than there are candidates, for one beyond the grid's edge; where
 * not even one such round has room, there is one without that place: it leaves what does harm.
 *
 * @param rounds in their order; none if the budget is too small for a race to tell anything
 */
record RacePlan(List<Round> rounds) {
    /** Fewer steps tell noise. */
    static final double FEWEST_STEPS = 5;

    /**
     * One round.
     *
     * @param places how many candidates run in it
     * @param share of the whole training's course for which each is trained
     */
    record Round(int places, double share) {}

    RacePlan {
        rounds = List.copyOf(rounds);
    }

    /**
     * The rounds for some candidates.
     *
     * @param candidates more than one
     * @param steps of the whole training
     * @param budget in steps
     * @param dearest what a trial of the dearest candidate costs, as a function of its share
     */
    static RacePlan of(int candidates, double steps, double budget, Dearest dearest) {
        List<Integer> places = new ArrayList<>(List.of(candidates + 1));
        while (places.get(places.size() - 1) > 2) {
            places.add(Math.max(2, (places.get(places.size() - 1) + 1) / 2));
        }
        for (int rounds = places.size(); rounds > 0; rounds--) {
            double share = share(places.subList(0, rounds), budget, dearest);
            if (share * steps >= FEWEST_STEPS) {
                return rounds(places.subList(0, rounds), share);
            }
        }
        double share = share(List.of(candidates), budget, dearest);
        return share * steps >= FEWEST_STEPS ? rounds(List.of(candidates), share) : new RacePlan(List.of());
    }

    /** How long trials of the first round may be if each later round doubles that. */
    private static double share(List<Integer> places, double budget, Dearest dearest) {
        double fixed = dearest.cost(0);
        double weights = 0;
        double trials = 0;
        for (int round = 0; round < places.size(); round++) {
            weights += places.get(round) * Math.pow(2, round);
            trials += places.get(round);
        }
        return Math.min(1, (budget - trials * fixed) / (weights * (dearest.cost(1) - fixed)));
    }

    private static RacePlan rounds(List<Integer> places, double share) {
        List<Round> rounds = new ArrayList<>();
        for (int round = 0; round < places.size(); round++) {
            rounds.add(new Round(places.get(round), Math.min(1, share * Math.pow(2, round))));
        }
        return new RacePlan(rounds);
    }

    /** What a trial costs. */
    @FunctionalInterface
    interface Dearest {
        /** In steps; of share 0: what it costs to measure alone. */
        double cost(double share);
    }
}
