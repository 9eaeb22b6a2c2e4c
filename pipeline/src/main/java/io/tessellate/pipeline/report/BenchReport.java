package io.tessellate.pipeline.report;

import io.tessellate.engine.bench.BenchResult;
import io.tessellate.engine.bench.StepPart;
import io.tessellate.engine.bench.StorageTimes;
import io.tessellate.engine.bench.Times;
import io.tessellate.engine.bench.WorkloadResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What {@code tessellate bench engine} measured. */
public record BenchReport(BenchResult result) implements Report {
    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("size", result.plan().shape().name());
        json.put("backend", result.backend());
        json.put("threads", result.threads());
        json.put("parameters", result.parameters());
        json.put("tokensPerStep", result.plan().shape().tokens());
        json.put("steps", result.plan().steps());
        json.put("precision", result.plan().precision().label());
        json.put("gemmPeakGflops", result.gemmPeak());
        json.put("evaluationMs", times(result.evaluation()));
        json.put(
                "workloads",
                result.workloads().stream().map(BenchReport::workload).toList());
        return json;
    }

    private static Map<String, Object> workload(WorkloadResult workload) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("workload", workload.workload().name().toLowerCase(Locale.ROOT));
        json.put("trained", workload.trained());
        json.put("tokensPerSecond", workload.tokensPerSecond());
        json.put("stepMs", times(workload.step()));
        json.put("passMs", times(workload.pass()));
        json.put("cpuMs", workload.cpu());
        json.put("peakRssMb", workload.peakMegabytes());
        Map<String, Object> parts = new LinkedHashMap<>();
        for (StepPart part : StepPart.values()) {
            parts.put(
                    part.label(),
                    Map.of(
                            "ms",
                            workload.parts().get(part),
                            "gflops",
                            workload.gigaflops().get(part)));
        }
        json.put("parts", parts);
        return json;
    }

    private static Map<String, Object> times(Times times) {
        return Map.of("median", times.median(), "min", times.min());
    }

    @Override
    public String text() {
        List<String> header = new ArrayList<>(List.of("ms, median"));
        result.workloads().forEach(workload -> header.add(workload.workload().label()));
        TextTable table = new TextTable(header);
        for (StepPart part : StepPart.values()) {
            row(table, part.label(), workload -> milliseconds(workload.parts().get(part)));
        }
        row(table, "step", workload -> milliseconds(workload.step().median()));
        row(table, "step, min", workload -> milliseconds(workload.step().min()));
        row(
                table,
                "forward and backward",
                workload -> milliseconds(workload.pass().median()));
        row(
                table,
                "forward and backward, min",
                workload -> milliseconds(workload.pass().min()));
        row(table, "processor time of a step", workload -> milliseconds(workload.cpu()));
        row(table, "tokens/s", workload -> Numbers.count(Math.round(workload.tokensPerSecond())));
        row(table, "gemm forward, GF/s", workload -> rate(workload, StepPart.GEMM_FORWARD));
        row(table, "gemm dX, GF/s", workload -> rate(workload, StepPart.GEMM_INPUT));
        row(table, "gemm dW, GF/s", workload -> rate(workload, StepPart.GEMM_WEIGHT));
        row(table, "trained weights", workload -> Numbers.count(workload.trained()));
        row(table, "peak RSS so far, MB", workload -> Numbers.count(workload.peakMegabytes()));
        return head() + table;
    }

    private String head() {
        String head =
                "%s, %s parameters, %d tokens per step, %d steps%n%s%nevaluation: %s ms median, %s min; gemm peak %s GF/s%n"
                        .formatted(
                                result.plan().shape().name(),
                                Numbers.count(result.parameters()),
                                result.plan().shape().tokens(),
                                result.plan().steps(),
                                result.backend(),
                                milliseconds(result.evaluation().median()),
                                milliseconds(result.evaluation().min()),
                                milliseconds(result.gemmPeak()));
        return head + result.storage().map(BenchReport::storage).orElse("");
    }

    private static String storage(StorageTimes times) {
        return "loading a cached checkpoint: %s ms median; a task view and back: %s ms at 10 %%, %s ms at 1 %%%n"
                .formatted(
                        milliseconds(times.loading().median()),
                        milliseconds(times.switchingTenth().median()),
                        milliseconds(times.switchingHundredth().median()));
    }

    private void row(TextTable table, String name, Function<WorkloadResult, String> cell) {
        List<String> cells = new ArrayList<>(List.of(name));
        result.workloads().forEach(workload -> cells.add(cell.apply(workload)));
        table.row(cells);
    }

    private static String rate(WorkloadResult workload, StepPart part) {
        return milliseconds(workload.gigaflops().get(part));
    }

    private static String milliseconds(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
