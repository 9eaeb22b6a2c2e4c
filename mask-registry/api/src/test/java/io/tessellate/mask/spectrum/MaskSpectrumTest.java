package io.tessellate.mask.spectrum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.mask.Mask;
import io.tessellate.mask.Regularity;
import io.tessellate.mask.Spaces;
import io.tessellate.mask.expander.QuasiCyclicLift;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskSpectrumTest {
    @ParameterizedTest
    @CsvSource({"40,40,0.2", "30,70,0.1", "70,30,0.1", "60,60,0.05", "12,5,0.5", "1,20,0.5", "20,1,0.9"})
    void theValuesAreThoseOfADenseDecomposition(int rows, int columns, double density) {
        Mask mask = Spaces.random(Spaces.of(rows, columns), density, new SplittableRandom(rows + columns));

        SpectralCertificate spectrum = MaskSpectrum.of(mask, 0);

        double[] dense = Regularity.singularValues(mask, 0);
        assertThat(spectrum.sigma1()).isCloseTo(dense[0], within(1e-6));
        assertThat(spectrum.sigma2()).isCloseTo(dense.length > 1 ? dense[1] : 0, within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"48,72,12", "24,24,8"})
    void theCertificateOfALiftIsTheSpectrumOfItsClasses(int rows, int columns, int q) {
        QuasiCyclicLift lift = new QuasiCyclicLift(Spaces.of(rows, columns), q, 3);

        SpectralCertificate spectrum = MaskSpectrum.of(lift.mask(1), 0);

        assertThat(spectrum.sigma2()).isCloseTo(lift.certificate(0).sigma2(), within(1e-6));
        assertThat(spectrum.bound()).isCloseTo(lift.certificate(0).bound(), within(1e-9));
        assertThat(spectrum.minRowDegree()).isEqualTo(lift.certificate(0).minRowDegree());
    }

    @Test
    void twoPartsThatDoNotMeetLeaveNoGap() {
        Mask.Builder blocks = Mask.builder(Spaces.of(8, 8));
        for (int row = 0; row < 8; row++) {
            for (int column = row / 4 * 4; column < row / 4 * 4 + 4; column++) {
                blocks.add(0, row * 8 + column);
            }
        }
        SpectralCertificate spectrum = MaskSpectrum.of(blocks.build(), 0);
        assertThat(spectrum.sigma1()).isCloseTo(4, within(1e-9));
        assertThat(spectrum.gap()).isCloseTo(0, within(1e-9));
        assertThat(spectrum.ramanujan()).isFalse();
    }

    @Test
    void rowsAndColumnsWithoutAnEntryAreCounted() {
        Mask mask = Mask.builder(Spaces.of(3, 4)).add(0, 0).add(0, 1).add(0, 5).build();
        SpectralCertificate spectrum = MaskSpectrum.of(mask, 0);
        assertThat(spectrum.isolatedRows()).isEqualTo(1);
        assertThat(spectrum.isolatedColumns()).isEqualTo(2);
        assertThat(spectrum.minRowDegree()).isZero();
        assertThat(spectrum.maxColumnDegree()).isEqualTo(2);
        assertThat(MaskSpectrum.of(Mask.none(Spaces.of(3, 4)), 0).isolatedRows())
                .isEqualTo(3);
    }
}
