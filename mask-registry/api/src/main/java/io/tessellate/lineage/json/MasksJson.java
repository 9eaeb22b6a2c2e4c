package io.tessellate.lineage.json;

import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.mask.spectrum.SpectralCertificate;
import java.util.List;

/** Who owns how many of a model's eligible weights, in JSON. */
public record MasksJson(String model, long eligible, long free, long overlap, List<TaskMask> tasks) {
    /** Of a model as it stands. */
    public static MasksJson of(ModelLine line) {
        return new MasksJson(
                line.name().value(),
                line.space().size(),
                line.free(),
                line.overlap(),
                line.holding().commits().stream()
                        .map(version -> TaskMask.of(line, version))
                        .toList());
    }

    /** One task's mask. */
    record TaskMask(
            String task, String method, long owned, double density, int version, long overlap, List<Spectrum> spectra) {
        static TaskMask of(ModelLine line, CommittedVersion version) {
            return new TaskMask(
                    version.task().task().value(),
                    version.method(),
                    version.owned(),
                    (double) version.owned() / line.space().size(),
                    version.number(),
                    version.overlap(),
                    version.spectra().stream().map(Spectrum::of).toList());
        }
    }

    /** What an expander mask is worth in the tensors of one shape. */
    record Spectrum(
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
        static Spectrum of(TensorSpectrum spectrum) {
            SpectralCertificate worst = spectrum.worst();
            return new Spectrum(
                    spectrum.rows(),
                    spectrum.columns(),
                    spectrum.tensors(),
                    worst.gap(),
                    worst.bound(),
                    worst.ratio(),
                    worst.sigma1(),
                    worst.sigma2(),
                    worst.minDegree(),
                    worst.maxDegree(),
                    worst.isolated());
        }
    }
}
