package io.tessellate.experiment.report;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.experiment.plot.LineChart;
import io.tessellate.experiment.plot.Picture;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.Moved;
import io.tessellate.recipe.RecipeField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the newest task learns against what the earlier ones forget, for every family of arms that is swept over the learning rate; and
 * what is forgotten where families are matched: by what is learnt, by how far the weights moved, and by the loss that this predicts.
 * Between a family's points it goes straight.
 */
final class TradeOff {
    private static final int FEWEST = 3;
    private static final int LEVELS = 3;

    private final Map<String, List<Place>> families;

    /** One rate of a family, mean over seeds. */
    private record Place(double rate, double newest, double forgotten, Optional<Moved> moved) {
        static Place of(ArmResult arm) {
            return new Place(
                    arm.recipe().learningRate(),
                    ArmResult.Spread.of(arm.newestValues()).mean(),
                    arm.union((ContinualMetrics metrics) -> metrics.forgetting().orElse(0))
                            .mean(),
                    arm.moved());
        }
    }

    /** What families are matched by. */
    @SuppressWarnings("ImmutableEnumChecker") // functions of their argument alone
    private enum By {
        NEWEST("what the newest task comes to", Place::newest),
        NORM("the norm of the change", place -> place.moved().map(Moved::norm).orElse(Double.NaN)),
        PREDICTED(
                "the predicted rise of the earlier tasks' loss",
                place -> place.moved().map(Moved::predicted).orElse(Double.NaN));

        private final String label;
        private final ToDoubleFunction<Place> value;

        By(String label, ToDoubleFunction<Place> value) {
            this.label = label;
            this.value = value;
        }
    }

    TradeOff(List<ArmResult> arms) {
        this.families = arms.stream()
                .filter(arm -> arm.arm().swept().containsKey(RecipeField.LEARNING_RATE.text()))
                .filter(arm -> arm.outcomes().get(0).union().size() > 1)
                .collect(Collectors.groupingBy(
                        arm -> arm.arm().family(),
                        LinkedHashMap::new,
                        Collectors.mapping(Place::of, Collectors.toList())));
        families.values().removeIf(places -> places.size() < FEWEST);
        families.values().forEach(places -> places.sort(Comparator.comparingDouble(Place::rate)));
    }

    /** Its picture; none where nothing is swept over rates. */
    Optional<Picture> picture() {
        return families.isEmpty()
                ? Optional.empty()
                : Optional.of(new LineChart(
                        "What the newest task comes to, against what the earlier ones forget",
                        new LineChart.Quantity("forgetting, union view"),
                        families.entrySet().stream()
                                .map(family -> new LineChart.Line(
                                        family.getKey(),
                                        family.getValue().stream()
                                                .map(place -> new LineChart.Point(place.forgotten, place.newest))
                                                .toList()))
                                .toList(),
                        false));
    }

    /** Its tables; empty where nothing is swept over rates. */
    String markdown() {
        if (families.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("""

                ## The newest task against the earlier ones

                | family | lr | newest | forgetting | norm of the change | predicted rise of loss | rise of loss |
                |---|---|---|---|---|---|---|
                """);
        families.forEach((family, places) -> places.forEach(place -> text.append(row(family, place))));
        for (By by : By.values()) {
            text.append(matched(by));
        }
        return text.toString();
    }

    private static String row(String family, Place place) {
        return "| %s | %s | %s | %s | %s |\n"
                .formatted(
                        family,
                        place.rate,
                        Tables.number(place.newest),
                        Tables.number(place.forgotten),
                        place.moved
                                .map(moved -> "%s | %s | %s"
                                        .formatted(
                                                Tables.number(moved.norm()),
                                                Tables.number(moved.predicted()),
                                                Tables.number(moved.risen())))
                                .orElse(" | | "));
    }

    /** Forgetting at levels that all families reach; empty where there are none. */
    private String matched(By by) {
        double low = extreme(by, true);
        double high = extreme(by, false);
        if (families.size() < 2 || !(low < high)) {
            return "";
        }
        List<Double> levels = new ArrayList<>();
        for (int level = 0; level < LEVELS; level++) {
            levels.add(low + (high - low) * (level + 0.5) / LEVELS);
        }
        String head = levels.stream().map(Tables::number).collect(Collectors.joining(" | "));
        StringBuilder text =
                new StringBuilder("\nForgetting where families are matched by %s:\n\n| family | %s |\n|---|%s\n"
                        .formatted(by.label, head, "---|".repeat(LEVELS)));
        families.forEach((family, places) -> text.append("| %s | %s |\n"
                .formatted(
                        family,
                        levels.stream()
                                .map(level -> at(places, by, level))
                                .map(value -> value.isPresent() ? Tables.number(value.getAsDouble()) : "")
                                .collect(Collectors.joining(" | ")))));
        return text.toString();
    }

    /** The range that every family covers: the largest of their least values, or the least of their largest. */
    private double extreme(By by, boolean least) {
        Comparator<Double> order = Comparator.naturalOrder();
        return families.values().stream()
                .map(places -> places.stream()
                        .map(by.value::applyAsDouble)
                        .min(least ? order : order.reversed())
                        .orElseThrow())
                .max(least ? order : order.reversed())
                .orElseThrow();
    }

    /** The least that is forgotten between two neighbouring rates where the level is passed. */
    private static OptionalDouble at(List<Place> places, By by, double level) {
        double least = Double.POSITIVE_INFINITY;
        for (int p = 1; p < places.size(); p++) {
            double from = by.value.applyAsDouble(places.get(p - 1));
            double to = by.value.applyAsDouble(places.get(p));
            if (Math.min(from, to) <= level && level <= Math.max(from, to)) {
                double share = from == to ? 0 : (level - from) / (to - from);
                double before = places.get(p - 1).forgotten;
                least = Math.min(least, before + share * (places.get(p).forgotten - before));
            }
        }
        return Double.isInfinite(least) ? OptionalDouble.empty() : OptionalDouble.of(least);
    }
}
