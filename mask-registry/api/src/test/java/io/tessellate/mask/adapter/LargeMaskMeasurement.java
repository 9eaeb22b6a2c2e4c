package io.tessellate.mask.adapter;

import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.TopK;
import io.tessellate.mask.expander.FreeMatching;
import io.tessellate.mask.expander.OneSidedMask;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.expander.SwitchedMask;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What goes through every weight of a model of more than 2^31 is too slow for every build: masks of all kinds, and an adapter
 * file of more than 2 GB. A line for each, with the most of the heap that was in use. Run by hand (docs/results/size.md).
 */
public final class LargeMaskMeasurement {
    private static final int SIDE = 8192;
    private static final int TENSORS = 33;
    private static final double DENSITY = 0.01;
    private static final int LARGE_TENSOR = 64_000_000;
    private static final int LARGE_TENSORS = 9;

    private LargeMaskMeasurement() {}

    public static void main(String[] arguments) throws IOException {
        ParameterSpace space = new ParameterSpace(IntStream.range(0, TENSORS)
                .mapToObj(n -> new EligibleTensor("layers.%02d.weight".formatted(n), SIDE, SIDE))
                .toList());
        System.out.printf(
                "%s, bitmap %,d MB, heap at most %,d MB%n",
                space, space.size() >> 23, Runtime.getRuntime().maxMemory() >> 20);
        Mask first = line("lift class", () -> new QuasiCyclicLift(space, 100, 3).mask(7));
        Mask free = Mask.all(space).minus(first);
        long count = (long) (DENSITY * space.size());
        line("top-k of all free", () -> TopK.global(free, count, LargeMaskMeasurement::score));
        line("random of all free", () -> RandomMask.of(free, count, new SplittableRandom(1)));
        line("one-sided", () -> new OneSidedMask().find(first, DENSITY, false, new SplittableRandom(2)));
        line("matching", () -> new FreeMatching().find(first, DENSITY, false, new SplittableRandom(3)));
        line("switched", () -> new SwitchedMask().find(Mask.none(space), DENSITY, false, new SplittableRandom(4)));
        largeAdapter(Path.of(arguments[0]));
    }

    private static float score(int tensor, int index) {
        return ((tensor * 31L + index) * 0x9E3779B97F4A7C15L >>> 40) / 16f;
    }

    private static Mask line(String kind, Supplier<Mask> construction) {
        resetPeaks();
        Mask mask = construction.get();
        System.out.printf(
                "%-20s %,13d weights, %,5d MB held, %,6d MB of heap at most%n",
                kind, mask.cardinality(), mask.heapBytes() >> 20, peak() >> 20);
        return mask;
    }

    /** Written out of one array and read tensor by tensor. */
    private static void largeAdapter(Path directory) throws IOException {
        resetPeaks();
        Path file = directory.resolve("large-adapter.safetensors");
        float[] values = new float[LARGE_TENSOR];
        for (int n = 0; n < values.length; n++) {
            values[n] = score(1, n) + 0.001f;
        }
        Shape shape = Shape.of(LARGE_TENSOR);
        List<TensorUpdate> updates = IntStream.range(0, LARGE_TENSORS)
                .mapToObj(n -> TensorUpdate.of(
                        "layers." + n, shape, new EntryIndex.All(LARGE_TENSOR), new Values.Held(values)))
                .toList();
        AdapterFile.write(file, new Adapter(Adapters.METADATA, updates, List.of()));
        Adapter read = AdapterFile.read(file);
        boolean same = Certificate.of(read).equals(Certificate.of(new Adapter(Adapters.METADATA, updates, List.of())));
        System.out.printf(
                "adapter file of %,d bytes, %,d values, read back %s, %,d MB of heap at most%n",
                Files.size(file), read.entries(), same ? "the same" : "OTHERWISE", peak() >> 20);
        Files.delete(file);
    }

    private static void resetPeaks() {
        System.gc();
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }
}
