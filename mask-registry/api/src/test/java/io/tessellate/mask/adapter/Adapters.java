package io.tessellate.mask.adapter;

import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.expander.LiftedTensor;
import io.tessellate.safetensors.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Adapters to test with. */
final class Adapters {
    static final Sha256 BASE = Sha256.of("base".getBytes(StandardCharsets.UTF_8));
    static final AdapterMetadata METADATA = new AdapterMetadata(
            BASE,
            VersionDigest.base(BASE),
            TaskId.of("glue", "sst2"),
            "lotto",
            new RunId("run-1"),
            "{\"density\":0.1,\"method\":\"lotto\"}");

    private Adapters() {}

    /** One update of each kind, and a head. */
    static Adapter mixed(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LiftedTensor lift =
                LiftedTensor.of(new EligibleTensor("layer.0.seeded", 31, 40), 7, -9_007_199_254_740_993L, 3);
        return new Adapter(
                METADATA,
                List.of(
                        TensorUpdate.seeded(lift, 2, values(random, lift.cells(2))),
                        listed("layer.0.listed", 64, 50, 0.1, random),
                        TensorUpdate.all("layer.0.norm", Shape.of(24), values(random, 24)),
                        TensorUpdate.all("brain", Shape.of(2, 1, 2), new float[] {1, -0.5f, 0, 256})),
                List.of(
                        new HeadTensor("weight", Shape.of(2, 8), values(random, 16)),
                        new HeadTensor("bias", Shape.of(2), new float[] {0.5f, -0f})));
    }

    /** Two matrices changed by factors, one whole tensor that is none, and a head. */
    static Adapter factored(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Adapter(
                METADATA,
                List.of(
                        TensorUpdate.all("k", Shape.of(6, 10), values(random, 60)),
                        TensorUpdate.all("norm", Shape.of(24), values(random, 24)),
                        TensorUpdate.all("q", Shape.of(8, 10), values(random, 80))),
                List.of(new HeadTensor("bias", Shape.of(2), new float[] {0.5f, -0f})),
                List.of(
                        new Factors("k", 2, 2, values(random, 20), values(random, 12)),
                        new Factors("q", 3, 0.25, values(random, 30), values(random, 24))));
    }

    /** Two tensors with one mask. */
    static Adapter shared(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TensorUpdate> updates = new ArrayList<>();
        for (String name : List.of("query", "value")) {
            LiftedTensor lift = LiftedTensor.of(new EligibleTensor(name, 24, 30), 6, 11, 1, true);
            updates.add(TensorUpdate.seeded(lift, 4, values(random, lift.cells(4))));
        }
        return new Adapter(METADATA, updates, List.of(new HeadTensor("bias", Shape.of(2), new float[] {0.5f, 1})));
    }

    /** The same with units that only all digits of a double tell. */
    static Adapter in(Adapter adapter) {
        return new Adapter(
                adapter.metadata().in(new HeadUnits(1.0 / 3, 1e-7 / 3)),
                adapter.updates(),
                adapter.head(),
                adapter.factors());
    }

    static TensorUpdate listed(String name, int rows, int columns, double density, SplittableRandom random) {
        ParameterSpace space = new ParameterSpace(List.of(new EligibleTensor(name, rows, columns)));
        Mask mask = RandomMask.of(Mask.all(space), Math.round(space.size() * density), random);
        int[] indices = mask.indices(0);
        return TensorUpdate.listed(name, Shape.of(rows, columns), indices, values(random, indices.length));
    }

    static float[] values(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int n = 0; n < count; n++) {
            values[n] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }
}
