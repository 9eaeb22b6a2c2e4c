package io.tessellate.pipeline.doctor;

import io.tessellate.engine.backend.BackendSurvey;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.report.TextTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which backends open on this machine, and on what they run or what they lack. */
public record BackendsReport(List<BackendSurvey> backends) implements Report {
    /** Copies the list. */
    public BackendsReport {
        backends = List.copyOf(backends);
    }

    @Override
    public Object json() {
        return backends.stream().map(BackendsReport::json).toList();
    }

    private static Map<String, Object> json(BackendSurvey backend) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", backend.name());
        json.put("usable", backend.usable());
        json.put("note", backend.note());
        return json;
    }

    @Override
    public String text() {
        TextTable table = new TextTable("backend", "here", "runs on, or lacks");
        backends.forEach(backend -> table.row(backend.name(), backend.usable() ? "yes" : "no", backend.note()));
        return table.toString();
    }
}
