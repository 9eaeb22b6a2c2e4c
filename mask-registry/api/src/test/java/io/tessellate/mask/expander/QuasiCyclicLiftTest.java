package io.tessellate.mask.expander;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.Spaces;
import io.tessellate.mask.SplitMix;
import io.tessellate.mask.spectrum.SpectralCertificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.SingularValueDecomposition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuasiCyclicLiftTest {
    @ParameterizedTest
    @CsvSource({"128,128,10", "128,512,10", "48,72,12", "31,47,7", "256,1024,10", "384,1536,10", "30,30,2"})
    void theClassesPartitionAllWeights(int rows, int columns, int q) {
        QuasiCyclicLift lift = new QuasiCyclicLift(Spaces.of(rows, columns, columns, rows), q, 42);
        Mask union = Mask.none(lift.space());
        for (int s = 0; s < q; s++) {
            Mask mask = lift.mask(s);
            assertThat(mask.intersects(union)).isFalse();
            assertThat(mask.density()).isCloseTo(1.0 / q, within(0.02));
            union = union.union(mask);
        }
        assertThat(union).isEqualTo(Mask.all(lift.space()));
    }

    @ParameterizedTest
    @CsvSource({"48,72,12", "128,128,10", "31,47,7", "30,30,2", "312,1000,50"})
    void degreesAreConstantOrDifferByOneWhereThePaddingIsCropped(int rows, int columns, int q) {
        QuasiCyclicLift lift = new QuasiCyclicLift(Spaces.of(rows, columns), q, 1);
        SpectralCertificate certificate = lift.certificate(0);
        int[] extremes = {Integer.MAX_VALUE, 0, Integer.MAX_VALUE, 0};
        for (int s = 0; s < q; s++) {
            int[] ofRow = new int[rows];
            int[] ofColumn = new int[columns];
            lift.mask(s).forEach(0, index -> {
                ofRow[index / columns]++;
                ofColumn[index % columns]++;
            });
            extremes[0] = Math.min(extremes[0], Arrays.stream(ofRow).min().orElseThrow());
            extremes[1] = Math.max(extremes[1], Arrays.stream(ofRow).max().orElseThrow());
            extremes[2] = Math.min(extremes[2], Arrays.stream(ofColumn).min().orElseThrow());
            extremes[3] = Math.max(extremes[3], Arrays.stream(ofColumn).max().orElseThrow());
        }
        assertThat(extremes)
                .containsExactly(
                        certificate.minRowDegree(),
                        certificate.maxRowDegree(),
                        certificate.minColumnDegree(),
                        certificate.maxColumnDegree());
        assertThat(extremes[1] - extremes[0]).isEqualTo(columns % q == 0 ? 0 : 1);
        assertThat(extremes[3] - extremes[2]).isEqualTo(rows % q == 0 ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({"48,72,12", "40,40,4", "36,60,6", "25,35,5", "24,24,8"})
    void theCertificateIsTheSpectrumOfEveryClass(int rows, int columns, int q) {
        QuasiCyclicLift lift = new QuasiCyclicLift(Spaces.of(rows, columns, rows, columns), q, 3);
        for (int t = 0; t < 2; t++) {
            SpectralCertificate certificate = lift.certificate(t);
            for (int s = 0; s < q; s++) {
                double[] values = singularValues(lift.mask(s), t);
                assertThat(values[0]).isCloseTo(certificate.sigma1(), within(1e-9));
                assertThat(values[1]).isCloseTo(certificate.sigma2(), within(1e-6));
            }
        }
        assertThat(lift.mask(0).indices(0)).isNotEqualTo(lift.mask(0).indices(1));
        assertThat(lift.certificate(0)).isEqualTo(lift.certificate(1));
    }

    @ParameterizedTest
    @CsvSource({"31,47,7", "45,38,6"})
    void theCertificateOfThePaddedMatrixBoundsTheCroppedOne(int rows, int columns, int q) {
        QuasiCyclicLift lift = new QuasiCyclicLift(Spaces.of(rows, columns), q, 4);
        for (int s = 0; s < q; s++) {
            double[] values = singularValues(lift.mask(s), 0);
            assertThat(values[0]).isLessThanOrEqualTo(lift.certificate(0).sigma1() + 1e-9);
            assertThat(values[1]).isLessThanOrEqualTo(lift.certificate(0).sigma2() + 1e-9);
        }
    }

    @ParameterizedTest
    @CsvSource({"128,128,10", "128,512,10", "256,1024,10", "384,1536,10", "768,768,96", "768,3072,10"})
    void modelsOfUsualSizesGetRamanujanGraphs(int rows, int columns, int q) {
        SpectralCertificate certificate = new QuasiCyclicLift(Spaces.of(rows, columns), q, 5).certificate("t0");
        assertThat(certificate.ramanujan()).isTrue();
        assertThat(certificate.ratio()).isBetween(0.8, 1.0);
        assertThat(certificate.gap()).isGreaterThan(0.3);
    }

    @Test
    void membershipIsArithmetic() {
        QuasiCyclicLift lift = new QuasiCyclicLift(Spaces.of(31, 47, 24, 30), 7, 6);
        for (int s = 0; s < 7; s++) {
            Mask mask = lift.mask(s);
            for (int t = 0; t < 2; t++) {
                EligibleTensor tensor = lift.space().tensor(t);
                for (int index = 0; index < tensor.size(); index++) {
                    int row = index / tensor.columns();
                    int column = index % tensor.columns();
                    assertThat(lift.contains(s, t, row, column)).isEqualTo(mask.contains(t, index));
                }
                assertThat(lift.tensor(t).cells(s)).isEqualTo(mask.cardinality(t));
            }
        }
    }

    @Test
    void theIndicesOfAClassComeInAscendingOrder() {
        LiftedTensor lift = LiftedTensor.of(new EligibleTensor("w", 31, 47), 7, 8, 0);
        int[] last = {-1};
        lift.forEach(3, index -> {
            assertThat(index).isGreaterThan(last[0]);
            last[0] = index;
        });
    }

    @Test
    void everythingFollowsFromTheSeed() {
        ParameterSpace space = Spaces.of(64, 64);
        Mask mask = new QuasiCyclicLift(space, 8, 1).mask(0);
        assertThat(new QuasiCyclicLift(space, 8, 1).mask(0)).isEqualTo(mask);
        assertThat(new QuasiCyclicLift(space, 8, 2).mask(0)).isNotEqualTo(mask);
    }

    @ParameterizedTest
    @CsvSource({"48,72,12", "31,47,7"})
    void aSharedLiftHasOneMaskForAllTensorsOfAShapeAndTheSameCertificate(int rows, int columns, int q) {
        ParameterSpace space = Spaces.of(rows, columns, columns, rows, rows, columns);
        QuasiCyclicLift shared = new QuasiCyclicLift(space, q, 3, true);
        QuasiCyclicLift own = new QuasiCyclicLift(space, q, 3);
        Mask union = Mask.none(space);
        for (int s = 0; s < q; s++) {
            Mask mask = shared.mask(s);
            assertThat(mask.indices(0)).isEqualTo(mask.indices(2));
            assertThat(mask.intersects(union)).isFalse();
            union = union.union(mask);
        }
        assertThat(union).isEqualTo(Mask.all(space));
        assertThat(shared.certificate(0)).isEqualTo(own.certificate(0));
        assertThat(singularValues(shared.mask(0), 0)[1])
                .isLessThanOrEqualTo(shared.certificate(0).sigma2() + 1e-9);
        assertThat(shared.mask(0)).isNotEqualTo(own.mask(0));
    }

    @Test
    void theMaskOfASeedNeverChanges() {
        // Adapter files name masks by seed: if this fails, files written earlier mean other weights. The numbers come
        // from
        // a program written after docs/format/adapter.md alone.
        assertThat(SplitMix.stream("tessellate").next()).isEqualTo(-9073193561912778396L);
        LiftedTensor lift = LiftedTensor.of(new EligibleTensor("encoder.weight", 9, 11), 3, -5, 2);
        List<Integer> found = new ArrayList<>();
        lift.forEach(1, found::add);
        assertThat(found)
                .containsExactly(
                        1, 3, 8, 10, 13, 15, 17, 22, 27, 29, 31, 35, 37, 41, 43, 44, 49, 50, 56, 58, 62, 64, 68, 71, 73,
                        75, 77, 80, 85, 87, 89, 92, 94);
    }

    @Test
    void tooManyClassesForATensorAreRefusedWithTheWayOut() {
        assertThatThrownBy(() -> new QuasiCyclicLift(Spaces.of(128, 128, 128, 512), 100, 1))
                .hasMessage("expander masks of density 1/100 give tensor 't0' (128 x 128) 2 entries per row and 2 per"
                        + " column, at least 3 are needed: choose a density of at least 0.0234")
                .asInstanceOf(InstanceOfAssertFactories.type(TessellateException.class))
                .extracting(TessellateException::code)
                .isEqualTo(ErrorCode.INVALID_RECIPE);
        assertThatThrownBy(() -> new QuasiCyclicLift(Spaces.of(128, 128), 1, 1))
                .hasMessage("a lift must have at least 2 classes: 1");
        assertThat(new QuasiCyclicLift(Spaces.of(128, 128), (int) Math.round(1 / 0.0234), 1).certificate(0))
                .isNotNull();
    }

    private static double[] singularValues(Mask mask, int tensor) {
        EligibleTensor shape = mask.space().tensor(tensor);
        RealMatrix matrix = new Array2DRowRealMatrix(shape.rows(), shape.columns());
        mask.forEach(tensor, index -> matrix.setEntry(index / shape.columns(), index % shape.columns(), 1));
        return new SingularValueDecomposition(matrix).getSingularValues();
    }

    @Test
    void aClassIsToldToMeetAMaskAndCountedWithoutBeingMade() {
        ParameterSpace space = Spaces.of(24, 30, 31, 40);
        QuasiCyclicLift lift = new QuasiCyclicLift(space, 6, 5);
        Mask owned = lift.mask(1).union(lift.mask(4));
        for (int index = 0; index < 6; index++) {
            assertThat(lift.size(index)).isEqualTo(lift.mask(index).cardinality());
            assertThat(lift.intersects(index, owned)).isEqualTo(index == 1 || index == 4);
            assertThat(lift.intersects(index, Mask.none(space))).isFalse();
        }
    }
}
