package io.tessellate.pipeline.report;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.json.MasksJson;
import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.mask.spectrum.SpectralCertificate;

/** Who owns how many of a model's eligible weights. */
public record MasksReport(ModelLine line) implements Report {
    @Override
    public MasksJson json() {
        return MasksJson.of(line);
    }

    private double density(CommittedVersion version) {
        return (double) version.owned() / line.space().size();
    }

    @Override
    public String text() {
        boolean overlaps = line.overlap() > 0;
        TextTable table = new TextTable("task", "method", "owned", "share", overlaps ? "of others" : "");
        for (CommittedVersion version : line.holding().commits()) {
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
        for (CommittedVersion version : line.holding().commits()) {
            for (TensorSpectrum spectrum : version.spectra()) {
                SpectralCertificate worst = spectrum.worst();
                any = true;
                table.row(
                        version.task().task().value(),
                        "%d of %d x %d".formatted(spectrum.tensors(), spectrum.rows(), spectrum.columns()),
                        worst.minDegree() + "-" + worst.maxDegree(),
                        Numbers.score(worst.gap()),
                        Numbers.score(worst.sigma2()),
                        Numbers.score(worst.bound()),
                        Numbers.score(worst.ratio()),
                        String.valueOf(worst.isolated()));
            }
        }
        return any ? "\n" + table : "";
    }
}
