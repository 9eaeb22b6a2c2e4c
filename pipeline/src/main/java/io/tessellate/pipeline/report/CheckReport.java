package io.tessellate.pipeline.report;

import io.tessellate.pipeline.check.Breach;
import io.tessellate.pipeline.check.PromiseCheck;
import io.tessellate.pipeline.check.PromiseVerdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a history keeps the eight promises. */
public record CheckReport(PromiseCheck check) implements Report {
    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ok", check.kept());
        json.put("settled", check.settled());
        json.put("promises", check.verdicts().stream().map(CheckReport::json).toList());
        return json;
    }

    private static Map<String, Object> json(PromiseVerdict verdict) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("promise", verdict.number());
        json.put("says", verdict.promise());
        json.put("ok", verdict.kept());
        json.put("found", verdict.found());
        json.put("broken", verdict.broken().stream().map(CheckReport::json).toList());
        json.put("open", verdict.open());
        json.put("notes", verdict.notes());
        return json;
    }

    private static Map<String, @Nullable Object> json(Breach breach) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("model", breach.model());
        json.put("task", breach.task());
        json.put("version", breach.version());
        json.put("place", breach.place());
        json.put("path", breach.path());
        json.put("what", breach.what());
        return json;
    }

    @Override
    public String text() {
        TextTable table = new TextTable("", "promise", "", "looked at");
        check.verdicts()
                .forEach(verdict -> table.row(
                        String.valueOf(verdict.number()), verdict.promise(), state(verdict), verdict.found()));
        StringBuilder text = new StringBuilder(table.toString());
        for (PromiseVerdict verdict : check.verdicts()) {
            lines(
                    text,
                    verdict.number(),
                    "BROKEN",
                    verdict.broken().stream().map(Breach::text).toList());
            lines(text, verdict.number(), "not finished", verdict.open());
            lines(text, verdict.number(), "left out", verdict.notes());
        }
        return text.toString();
    }

    private static String state(PromiseVerdict verdict) {
        if (!verdict.kept()) {
            return "BROKEN";
        }
        return verdict.open().isEmpty() ? "kept" : "kept so far";
    }

    private static void lines(StringBuilder text, int number, String what, List<String> all) {
        all.forEach(one -> text.append("%d %s: %s%n".formatted(number, what, one)));
    }
}
