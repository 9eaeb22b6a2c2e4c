package io.tessellate.registry;

import io.tessellate.lineage.ExpanderClass;
import io.tessellate.lineage.TensorSpectrum;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.MaskSpectrum;
import io.tessellate.mask.QuasiCyclicLift;
import io.tessellate.mask.SpectralCertificate;
import io.tessellate.recipe.Claim;
import io.tessellate.recipe.MethodName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the mask of a committed adapter is worth as a graph: for a class of a lift the lift's own certificate, for another
 * regular mask computed from the weights it holds. Of the tensors of one shape the worst is kept.
 */
final class SpectralSurvey {
    private final Map<List<Integer>, TensorSpectrum> ofShape = new LinkedHashMap<>();

    private SpectralSurvey() {}

    /** One entry per shape of the touched tensors; none for a mask that was not meant to be an expander. */
    static List<TensorSpectrum> of(Standing standing) {
        Claim claim = MethodName.parse(standing.reservation().method()).claim();
        SpectralSurvey survey = new SpectralSurvey();
        if (claim == Claim.CLASS || claim == Claim.REGULAR) {
            Mask mask = standing.mask();
            for (int t = 0; t < mask.space().tensorCount(); t++) {
                if (mask.cardinality(t) > 0) {
                    survey.add(mask.space().tensor(t), certificate(standing, t));
                }
            }
        }
        return List.copyOf(survey.ofShape.values());
    }

    private static SpectralCertificate certificate(Standing standing, int tensor) {
        ExpanderClass lift = standing.reservation().lift();
        if (lift == null) {
            return MaskSpectrum.of(standing.mask(), tensor);
        }
        QuasiCyclicLift whole = standing.ledger().lift(standing.line().space(), lift);
        return whole.certificate(tensor);
    }

    private void add(EligibleTensor tensor, SpectralCertificate certificate) {
        TensorSpectrum one = new TensorSpectrum(tensor.rows(), tensor.columns(), 1, certificate);
        ofShape.merge(
                List.of(tensor.rows(), tensor.columns()),
                one,
                (known, next) -> new TensorSpectrum(
                        known.rows(), known.columns(), known.tensors() + 1, worse(known.worst(), certificate)));
    }

    private static SpectralCertificate worse(SpectralCertificate a, SpectralCertificate b) {
        return b.sigma2() > a.sigma2() ? b : a;
    }
}
