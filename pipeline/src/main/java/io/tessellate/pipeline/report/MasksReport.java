package io.tessellate.pipeline.report;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.mask.spectrum.SpectralCertificate;
import java.util.LinkedHashMap;
import java.util.Map;

/** Who owns how many of a model's eligible weights. */
public record MasksReport(ModelLine line) implements Report {
    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", line.name().value());
        json.put("eligible", line.space().size());
        json.put("free", line.free());
        json.put("overlap", line.overlap());
        json.put("tasks", line.versions().stream().map(this::task).toList());
        return json;
    }

    private Map<String, Object> task(CommittedVersion version) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("task", version.task().task().value());
        json.put("method", version.method());
        json.put("owned", version.owned());
        json.put("density", density(version));
        json.put("version", version.number());
        json.put("overlap", version.overlap());
        json.put(
                "spectra", version.spectra().stream().map(MasksReport::spectrum).toList());
        return json;
    }

    private static Map<String, Object> spectrum(TensorSpectrum spectrum) {
        SpectralCertificate worst = spectrum.worst();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("rows", spectrum.rows());
        json.put("columns", spectrum.columns());
        json.put("tensors", spectrum.tensors());
        json.put("gap", worst.gap());
        json.put("bound", worst.bound());
        json.put("ratio", worst.ratio());
        json.put("sigma1", worst.sigma1());
        json.put("sigma2", worst.sigma2());
        json.put("minDegree", minDegree(worst));
        json.put("maxDegree", maxDegree(worst));
        json.put("isolated", worst.isolatedRows() + worst.isolatedColumns());
        return json;
    }

    private static int minDegree(SpectralCertificate worst) {
        return Math.min(worst.minRowDegree(), worst.minColumnDegree());
    }

    private static int maxDegree(SpectralCertificate worst) {
        return Math.max(worst.maxRowDegree(), worst.maxColumnDegree());
    }

    private double density(CommittedVersion version) {
        return (double) version.owned() / line.space().size();
    }

    @Override
    public String text() {
        boolean overlaps = line.overlap() > 0;
        TextTable table = new TextTable("task", "method", "owned", "share", overlaps ? "of others" : "");
        for (CommittedVersion version : line.versions()) {
            table.row(
                    version.task().task().value(),
                    version.method(),
                    Numbers.count(version.owned()),
                    Numbers.percent(density(version)),
                    overlaps ? Numbers.count(version.overlap()) : "");
        }
        table.row(
                "(free)",
                "",
                Numbers.count(line.free()),
                Numbers.percent((double) line.free() / line.space().size()),
                "");
        return "%s: %s eligible weights, %s owned by more than one task%n"
                        .formatted(line.name(), Numbers.count(line.space().size()), Numbers.count(line.overlap()))
                + table
                + spectra();
    }

    /** A row for every shape of every expander mask; nothing if there is none. */
    private String spectra() {
        TextTable table =
                new TextTable("expander", "tensors", "degrees", "gap", "second value", "bound", "ratio", "isolated");
        boolean any = false;
        for (CommittedVersion version : line.versions()) {
            for (TensorSpectrum spectrum : version.spectra()) {
                SpectralCertificate worst = spectrum.worst();
                any = true;
                table.row(
                        version.task().task().value(),
                        "%d of %d x %d".formatted(spectrum.tensors(), spectrum.rows(), spectrum.columns()),
                        minDegree(worst) + "-" + maxDegree(worst),
                        Numbers.score(worst.gap()),
                        Numbers.score(worst.sigma2()),
                        Numbers.score(worst.bound()),
                        Numbers.score(worst.ratio()),
                        String.valueOf(worst.isolatedRows() + worst.isolatedColumns()));
            }
        }
        return any ? "\n" + table : "";
    }
}
