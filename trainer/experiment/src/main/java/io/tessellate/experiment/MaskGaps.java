package io.tessellate.experiment;

import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.spectrum.MaskSpectrum;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well the masks of adapters mix.
 *
 * @param eligible weights that masks may hold
 * @param wanted whether that is measured at all
 */
record MaskGaps(ParameterSpace eligible, boolean wanted) {
    /** One for each adapter: the mean over the matrices that its mask touches; none if that is not wanted. */
    List<Double> ofAll(List<Adapter> adapters) {
        return wanted
                ? adapters.stream().map(adapter -> of(adapter.mask(eligible))).toList()
                : List.of();
    }

    private double of(Mask mask) {
        return IntStream.range(0, eligible.tensorCount())
                .filter(tensor -> mask.cardinality(tensor) > 0)
                .mapToDouble(tensor -> MaskSpectrum.of(mask, tensor).gap())
                .average()
                .orElse(0);
    }
}
