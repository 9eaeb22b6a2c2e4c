package io.tessellate.registry.command;

import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.MaskDegrees;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.spectrum.MaskSpectrum;
import io.tessellate.mask.spectrum.SpectralCertificate;
import io.tessellate.method.Claim;
import io.tessellate.method.MethodName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the mask of a committed adapter is worth as a graph: for a class of a lift the lift's own certificate, for another
 * regular mask computed from the weights it holds. Of the tensors of one shape the worst is kept. Nothing is said of a tensor
 * in which the mask is only part of its class or not regular, because weights were not targeted or were left out.
 */
final class SpectralSurvey {
    private final Map<List<Integer>, TensorSpectrum> ofShape = new LinkedHashMap<>();

    private SpectralSurvey() {}

    /** One entry per shape of the touched tensors; none for a mask that was not meant to be an expander. */
    static List<TensorSpectrum> of(ProposedCommit proposed) {
        Claim claim = MethodName.parse(proposed.reservation().method()).claim();
        SpectralSurvey survey = new SpectralSurvey();
        if (claim.hasDegrees()) {
            Mask mask = proposed.mask();
            for (int t = 0; t < mask.space().tensorCount(); t++) {
                if (mask.cardinality(t) > 0) {
                    EligibleTensor tensor = mask.space().tensor(t);
                    certificate(proposed, claim, t).ifPresent(certificate -> survey.add(tensor, certificate));
                }
            }
        }
        return List.copyOf(survey.ofShape.values());
    }

    private static Optional<SpectralCertificate> certificate(ProposedCommit proposed, Claim claim, int tensor) {
        ExpanderClass lift = proposed.reservation().lift();
        return lift == null ? measured(proposed.mask(), claim, tensor) : ofClass(proposed, lift, tensor);
    }

    private static Optional<SpectralCertificate> ofClass(ProposedCommit proposed, ExpanderClass lift, int tensor) {
        QuasiCyclicLift lifted = proposed.ledger().lift(proposed.line().space(), lift);
        boolean whole =
                proposed.mask().cardinality(tensor) == lifted.tensor(tensor).cells(lift.index());
        return whole ? Optional.of(lifted.certificate(tensor)) : Optional.empty();
    }

    private static Optional<SpectralCertificate> measured(Mask mask, Claim claim, int tensor) {
        boolean whole = claim.isHeldBy(MaskDegrees.of(mask, tensor));
        return whole ? Optional.of(MaskSpectrum.of(mask, tensor)) : Optional.empty();
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
