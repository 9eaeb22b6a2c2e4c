package io.tessellate.pipeline.reproduce;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.report.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a version's runs came to when they were trained again. */
public record ReproductionReport(ModelName model, int version, List<ReproducedRun> runs) implements Report {
    private static final int SHOWN = 12;

    public ReproductionReport {
        runs = List.copyOf(runs);
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model.value());
        json.put("version", version);
        json.put("ok", sound());
        json.put("runs", runs.stream().map(ReproductionReport::json).toList());
        return json;
    }

    private boolean sound() {
        return runs.stream().allMatch(run -> run.came().sound());
    }

    private static Map<String, @Nullable Object> json(ReproducedRun run) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", run.commit().number());
        json.put("task", run.commit().task().task().value());
        json.put("run", run.commit().run().value());
        json.put("came", run.came().label());
        json.put("recorded", run.commit().adapter().sha256().hex());
        json.put("now", run.now().map(Sha256::hex).orElse(null));
        json.put("difference", run.difference().map(ReproductionReport::json).orElse(null));
        json.put(
                "machine",
                run.machine().stream()
                        .map(fact -> Map.of("fact", fact.name(), "then", fact.then(), "now", fact.now()))
                        .toList());
        json.put("said", run.said());
        return json;
    }

    private static Map<String, Object> json(WeightDifference difference) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("places", difference.places());
        json.put("values", difference.values());
        json.put("of", difference.of());
        json.put("largest", difference.largest());
        json.put("tensor", difference.tensor());
        return json;
    }

    @Override
    public String text() {
        TextTable table = new TextTable("version", "task", "trained again", "adapter then", "adapter now");
        runs.forEach(run -> table.row(
                String.valueOf(run.commit().number()),
                run.commit().task().task().value(),
                run.came().label(),
                shown(run.commit().adapter().sha256()),
                run.now().map(ReproductionReport::shown).orElse("")));
        StringBuilder text = new StringBuilder(table.toString());
        for (ReproducedRun run : runs) {
            String where = "version %d: ".formatted(run.commit().number());
            run.said().forEach(said -> text.append(where).append(said).append('\n'));
            run.difference()
                    .ifPresent(difference ->
                            text.append(where).append(text(difference)).append('\n'));
            run.machine().stream()
                    .map(MachineFact::text)
                    .forEach(fact -> text.append(where).append(fact).append('\n'));
        }
        return text.toString();
    }

    private static String text(WeightDifference difference) {
        return String.format(
                Locale.ROOT,
                "of %d weights %d have other values, the largest difference is %.3g; %d lie elsewhere; the first in %s",
                difference.of(),
                difference.values(),
                difference.largest(),
                difference.places(),
                difference.tensor());
    }

    private static String shown(Sha256 digest) {
        return digest.hex().substring(0, SHOWN);
    }

    @Override
    public Optional<TessellateException> failure() {
        return runs.stream()
                .filter(run -> !run.came().sound())
                .findFirst()
                .map(run -> new TessellateException(
                        run.came() == Reproducibility.DIFFERENT ? ErrorCode.PROMISE_BROKEN : ErrorCode.NOT_REPRODUCED,
                        "version %d of %s did not come to the same again"
                                .formatted(run.commit().number(), model)));
    }
}
