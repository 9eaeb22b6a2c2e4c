package io.tessellate.lineage.json;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.mask.spectrum.SpectralCertificate;
import java.util.List;

/** Who owns how many of a model's eligible weights, in JSON. */
public record MasksJson(String model, long eligible, long free, long overlap, List<TaskMask> tasks) {
    public static MasksJson of(ModelLine line) {
        return new MasksJson(
                line.name().value(),
                line.space().size(),
                line.free(),
                line.overlap(),
                line.versions().stream()
                        .map(version -> TaskMask.of(line, version))
                        .toList());
    }

    /** One task's mask. */
    record TaskMask(
            String task,
            String method,
            long owned,
            double density,
            int version,
            long overlap,
            List<SpectrumView> spectra) {
        static TaskMask of(ModelLine line, CommittedVersion version) {
            return new TaskMask(
                    version.task().task().value(),
                    version.method(),
                    version.owned(),
                    (double) version.owned() / line.space().size(),
                    version.number(),
                    version.overlap(),
                    version.spectra().stream().map(SpectrumView::of).toList());
        }
    }

    /** What an expander mask is worth in the tensors of one shape. */
    record SpectrumView(
            int rows,
            int columns,
            int tensors,
            double gap,
            double bound,
            double ratio,
            double sigma1,
            double sigma2,
            int minDegree,
            int maxDegree,
            int isolated) {
        static SpectrumView of(TensorSpectrum spectrum) {
            SpectralCertificate worst = spectrum.worst();
            return new SpectrumView(
                    spectrum.rows(),
                    spectrum.columns(),
                    spectrum.tensors(),
                    worst.gap(),
                    worst.bound(),
                    worst.ratio(),
                    worst.sigma1(),
                    worst.sigma2(),
                    Math.min(worst.minRowDegree(), worst.minColumnDegree()),
                    Math.max(worst.maxRowDegree(), worst.maxColumnDegree()),
                    worst.isolatedRows() + worst.isolatedColumns());
        }
    }
}
