package io.tessellate.experiment.report;

import io.tessellate.engine.metric.ContinualMetrics;
import io.tessellate.experiment.plot.HeatMap;
import io.tessellate.experiment.plot.LineChart;
import io.tessellate.experiment.plot.Picture;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.RunOutcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The pictures of one stream: a matrix per arm and view, forgetting as the stream goes on, and a curve of every family over
 * what its sweep varied.
 */
final class Plots {
    /** Two values are a comparison, not a sweep. */
    private static final int LEAST_VALUES = 3;

    /** What sweeps are drawn of. */
    private enum Swept {
        ACC {
            @Override
            double of(ArmResult arm) {
                return arm.union(ContinualMetrics::averageAccuracy).mean();
            }
        },
        LEARNT {
            @Override
            double of(ArmResult arm) {
                return arm.learnt().mean();
            }
        };

        abstract double of(ArmResult arm);

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final List<String> tasks;
    private final List<ArmResult> arms;

    Plots(List<String> tasks, List<ArmResult> arms) {
        this.tasks = tasks;
        this.arms = arms;
    }

    /** Pictures by name, in the report's order. */
    Map<String, Picture> pictures() {
        Map<String, Picture> pictures = new LinkedHashMap<>();
        if (tasks.size() > 1) {
            pictures.put("forgetting", forgetting());
        }
        new TradeOff(arms).picture().ifPresent(picture -> pictures.put("trade-off", picture));
        pictures.putAll(sweeps());
        for (int a = 0; a < arms.size(); a++) {
            ArmResult arm = arms.get(a);
            pictures.put(
                    matrix(a, "union"), new HeatMap(arm.name() + ", union view", tasks, arm.mean(RunOutcome::union)));
            pictures.put(matrix(a, "task"), new HeatMap(arm.name() + ", task view", tasks, arm.mean(RunOutcome::task)));
        }
        return pictures;
    }

    static String matrix(int arm, String view) {
        return "matrix-%d-%s".formatted(arm + 1, view);
    }

    private LineChart forgetting() {
        List<LineChart.Line> lines = arms.stream()
                .map(arm -> LineChart.Line.over(arm.name(), forgetting(arm.mean(RunOutcome::union))))
                .toList();
        return new LineChart("Forgetting after each task, union view", new LineChart.Places(tasks), lines, true);
    }

    private static List<Double> forgetting(List<List<Double>> rows) {
        return IntStream.rangeClosed(1, rows.size())
                .mapToObj(count ->
                        ContinualMetrics.of(rows.subList(0, count)).forgetting().orElse(0))
                .toList();
    }

    /** For every field that some family was swept over, ACC and learnt; a family's other fields are averaged over. */
    private Map<String, Picture> sweeps() {
        Map<String, Picture> charts = new LinkedHashMap<>();
        List<String> fields = new TreeSet<>(arms.stream()
                        .flatMap(arm -> arm.arm().swept().keySet().stream())
                        .toList())
                .stream().toList();
        for (String field : fields) {
            List<ArmResult> swept = arms.stream()
                    .filter(arm -> arm.arm().swept().containsKey(field))
                    .toList();
            List<String> values = values(swept, field);
            if (values.size() >= LEAST_VALUES) {
                for (Swept metric : Swept.values()) {
                    charts.put("sweep-%s-%s".formatted(field, metric.label()), sweep(metric, field, swept, values));
                }
            }
        }
        return charts;
    }

    /** The values of a field in the order of numbers, or as they come where they are words. */
    private static List<String> values(List<ArmResult> swept, String field) {
        List<Object> values = new ArrayList<>(swept.stream()
                .map(arm -> Objects.requireNonNull(arm.arm().swept().get(field)))
                .distinct()
                .toList());
        if (values.stream().allMatch(Number.class::isInstance)) {
            values.sort((a, b) -> Double.compare(((Number) a).doubleValue(), ((Number) b).doubleValue()));
        }
        return values.stream().map(String::valueOf).toList();
    }

    private static LineChart sweep(Swept metric, String field, List<ArmResult> swept, List<String> values) {
        List<LineChart.Line> lines = swept.stream()
                .map(arm -> arm.arm().family())
                .distinct()
                .map(family -> LineChart.Line.over(
                        family,
                        values.stream()
                                .map(value -> mean(swept, family, field, value, metric))
                                .toList()))
                .toList();
        return new LineChart(
                "%s by %s, union view".formatted(metric.label(), field), new LineChart.Places(values), lines, false);
    }

    private static double mean(List<ArmResult> swept, String family, String field, String value, Swept metric) {
        return swept.stream()
                .filter(arm -> arm.arm().family().equals(family)
                        && String.valueOf(arm.arm().swept().get(field)).equals(value))
                .mapToDouble(metric::of)
                .average()
                .orElse(Double.NaN);
    }
}
