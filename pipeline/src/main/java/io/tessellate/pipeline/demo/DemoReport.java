package io.tessellate.pipeline.demo;

import io.tessellate.pipeline.report.CertificateReport;
import io.tessellate.pipeline.report.MasksReport;
import io.tessellate.pipeline.report.MatrixReport;
import io.tessellate.pipeline.report.Report;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the demo came to.
 *
 * @param seconds from its beginning to its end, start of the stack included
 * @param union the masked model with all adapters applied
 * @param task the masked model, each task with the adapters up to its own
 * @param baseline sequential full fine-tuning of the same base on the same tasks
 * @param masks who owns what
 * @param certificate whether every task's weights are as they were committed
 */
public record DemoReport(
        double seconds,
        MatrixReport union,
        MatrixReport task,
        MatrixReport baseline,
        MasksReport masks,
        CertificateReport certificate)
        implements Report {
    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seconds", seconds);
        json.put("model", union.matrix().model());
        json.put("union", union.json());
        json.put("task", task.json());
        json.put("baseline", baseline.json());
        json.put("masks", masks.json());
        json.put("certificate", certificate.json());
        return json;
    }

    @Override
    public String text() {
        return String.join(
                "\n",
                union.text(),
                task.text(),
                "Sequential full fine-tuning on the same tasks: " + baseline.text(),
                masks.text(),
                certificate.verdict(),
                String.format(Locale.ROOT, "%.0f s in all%n", seconds));
    }
}
