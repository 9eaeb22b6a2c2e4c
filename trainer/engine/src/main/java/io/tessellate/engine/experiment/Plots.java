package io.tessellate.engine.experiment;

import io.tessellate.engine.metric.ContinualMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The pictures of a report: a matrix per arm and view, forgetting as the stream goes on, and density sweeps. */
final class Plots {
    /** Two densities are a comparison, not a sweep. */
    private static final int LEAST_DENSITIES = 3;

    private final List<String> tasks;
    private final List<ArmResult> arms;

    Plots(List<String> tasks, List<ArmResult> arms) {
        this.tasks = tasks;
        this.arms = arms;
    }

    /** SVG texts by file name, in the report's order. */
    Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("forgetting.svg", forgetting().svg());
        sweeps().forEach((method, chart) -> files.put("density-" + method + ".svg", chart.svg()));
        for (int a = 0; a < arms.size(); a++) {
            ArmResult arm = arms.get(a);
            String name = arm.arm().name();
            files.put(
                    matrixFile(a, "union"), new HeatMap(name + ", union view", tasks, arm.mean(Outcome::union)).svg());
            files.put(matrixFile(a, "task"), new HeatMap(name + ", task view", tasks, arm.mean(Outcome::task)).svg());
        }
        return files;
    }

    static String matrixFile(int arm, String view) {
        return "matrix-%d-%s.svg".formatted(arm + 1, view);
    }

    private LineChart forgetting() {
        List<LineChart.Line> lines = arms.stream()
                .map(arm -> new LineChart.Line(arm.arm().name(), forgetting(arm.mean(Outcome::union))))
                .toList();
        return new LineChart("Forgetting after each task, union view", tasks, lines);
    }

    private static List<Double> forgetting(List<List<Double>> rows) {
        return IntStream.rangeClosed(1, rows.size())
                .mapToObj(count ->
                        ContinualMetrics.of(rows.subList(0, count)).forgetting().orElse(0))
                .toList();
    }

    /** ACC and learnt over density for every method that occurs with enough densities; arms of equal density are averaged. */
    private Map<String, LineChart> sweeps() {
        Map<String, LineChart> charts = new LinkedHashMap<>();
        arms.stream().map(arm -> arm.recipe().method()).distinct().forEach(method -> {
            List<ArmResult> swept = arms.stream()
                    .filter(arm -> arm.recipe().method().equals(method))
                    .toList();
            List<Double> densities = List.copyOf(new TreeSet<>(
                    swept.stream().map(arm -> arm.recipe().density()).toList()));
            if (densities.size() >= LEAST_DENSITIES) {
                charts.put(method, sweep(method, swept, densities));
            }
        });
        return charts;
    }

    private static LineChart sweep(String method, List<ArmResult> arms, List<Double> densities) {
        return new LineChart(
                method + " by density, union view",
                densities.stream().map(String::valueOf).toList(),
                List.of(
                        new LineChart.Line(
                                "ACC",
                                densities.stream()
                                        .map(density -> mean(arms, density, ContinualMetrics::averageAccuracy))
                                        .toList()),
                        new LineChart.Line(
                                "learnt",
                                densities.stream()
                                        .map(density -> mean(arms, density, ContinualMetrics::learningAccuracy))
                                        .toList())));
    }

    private static double mean(List<ArmResult> arms, double density, ToDoubleFunction<ContinualMetrics> metric) {
        return arms.stream()
                .filter(arm -> arm.recipe().density() == density)
                .mapToDouble(arm -> arm.union(metric).mean())
                .average()
                .orElse(Double.NaN);
    }
}
