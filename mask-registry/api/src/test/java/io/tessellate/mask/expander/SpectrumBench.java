package io.tessellate.mask.expander;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.spectrum.MaskSpectrum;
import io.tessellate.mask.spectrum.SpectralCertificate;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Prints what each way to choose a mask is worth as a graph, and what it costs: the second singular value against the Ramanujan
 * bound. Not a test; run its main.
 */
final class SpectrumBench {
    private final EligibleTensor tensor;
    private final int degree;
    private final double density;
    private final Mask all;

    private SpectrumBench(int rows, int columns, int degree) {
        this.tensor = new EligibleTensor("w", rows, columns);
        this.degree = degree;
        this.density = (double) degree / columns;
        this.all = Mask.all(new ParameterSpace(List.of(tensor)));
    }

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        new SpectrumBench(128, 128, 3).print();
        new SpectrumBench(128, 128, 8).print();
        new SpectrumBench(256, 256, 3).print();
        new SpectrumBench(768, 768, 8).print();
        new SpectrumBench(768, 768, 77).print();
        new SpectrumBench(768, 3072, 77).print();
        new SpectrumBench(1024, 4096, 41).print();
        System.out.println("\nswitches by sweeps: sigma2 / bound of the last class");
        for (int[] shape : new int[][] {{128, 128, 8}, {768, 768, 8}, {768, 768, 77}, {1024, 4096, 41}}) {
            new SpectrumBench(shape[0], shape[1], shape[2]).printSweeps();
        }
    }

    private void print() {
        System.out.printf("%n%d x %d, %d entries per row%n", tensor.rows(), tensor.columns(), degree);
        row("random", () -> RandomMask.of(all, (long) tensor.rows() * degree, new SplittableRandom(1)));
        row("one_sided", () -> OneSidedMask.of(all, density, new SplittableRandom(1)));
        row("switches, not mixed", () -> colour(ColourSwitches.mixed(degrees(), 0, 0), 0));
        row("switches, first class", () -> switched().mask(0));
        row("switches, last class", () -> switched().mask(switched().classes() - 1));
        row("matchings, first", () -> FreeMatching.of(Mask.none(all.space()), density, 1, false));
        row("matchings, last but one", this::lateMatching);
        int classes = Math.toIntExact(Math.round(1 / density));
        row("lift of " + classes + " classes", () -> new QuasiCyclicLift(all.space(), classes, 1).mask(0));
    }

    private RegularDegrees degrees() {
        return RegularDegrees.of(tensor, density);
    }

    private SwitchedClasses switched() {
        return new SwitchedClasses(all.space(), density, 0, false);
    }

    private Mask colour(ColourSwitches colours, int which) {
        Mask.Builder mask = Mask.builder(all.space());
        colours.forEach(which, (row, column) -> mask.add(0, row * tensor.columns() + column));
        return mask.build();
    }

    /** What is left when all but two masks are taken by a partition. */
    private Mask lateMatching() {
        SwitchedClasses earlier = switched();
        Mask owned = Mask.none(all.space());
        for (int t = 0; t < earlier.classes() - 2; t++) {
            owned = owned.union(earlier.mask(t));
        }
        return FreeMatching.of(owned, density, 1, false);
    }

    private static void row(String name, Supplier<Mask> made) {
        long begin = System.nanoTime();
        Mask mask = made.get();
        double making = (System.nanoTime() - begin) / 1e9;
        SpectralCertificate spectrum = MaskSpectrum.of(mask, 0);
        System.out.printf(
                Locale.ROOT,
                "| %-24s | %7.3f | %7.3f | %6.3f | %6.3f | %3d-%-3d | %3d-%-3d | %3d | %5.2f |%n",
                name,
                spectrum.sigma2(),
                spectrum.bound(),
                spectrum.ratio(),
                spectrum.gap(),
                spectrum.minRowDegree(),
                spectrum.maxRowDegree(),
                spectrum.minColumnDegree(),
                spectrum.maxColumnDegree(),
                spectrum.isolatedRows() + spectrum.isolatedColumns(),
                making);
    }

    private void printSweeps() {
        StringBuilder line = new StringBuilder("%d x %d, %d:".formatted(tensor.rows(), tensor.columns(), degree));
        for (int sweeps : new int[] {0, 2, 4, 8, 16, 32}) {
            Mask last =
                    colour(ColourSwitches.mixed(degrees(), 0, sweeps), degrees().classes() - 1);
            line.append(String.format(
                    Locale.ROOT, "  %d: %.3f", sweeps, MaskSpectrum.of(last, 0).ratio()));
        }
        System.out.println(line);
    }
}
