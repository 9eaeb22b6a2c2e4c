package io.tessellate.engine.storage;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.TensorReader;
import io.tessellate.engine.model.weights.WeightPlaces;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.values.FloatBlocks;
import io.tessellate.mask.Mask;
import io.tessellate.mask.RandomMask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What 16 bits for frozen values save and cost at BERT-base size: the weights of a run, its parent's and the copy that it
 * trains, of which a tenth of the eligible entries is then assigned. Run by hand, once for {@code fp32} and once for {@code
 * bf16}; {@code docs/results/bf16.md} holds what it printed.
 */
final class ShortWeightsBenchmark {
    private static final ModelConfig CONFIG =
            new ModelConfig(ModelConfig.BERT, 30522, 768, 12, 12, 3072, 64, 2, 1e-12f, 0);

    private ShortWeightsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Backend backend = Backends.open(Backends.HOST);
        ParameterLayout layout = ParameterLayout.of(CONFIG);
        long empty = peak();
        SplittableRandom random = new SplittableRandom(1);
        TensorReader reader = (tensor, first, count, target) -> {
            for (int i = 0; i < count; i++) {
                target.put(Float.intBitsToFloat(
                        Float.floatToRawIntBits((float) random.nextDouble(-0.035, 0.035)) & 0xffff0000));
            }
        };
        boolean shorts = arguments[0].equals("bf16");
        try (Weights parent = shorts
                        ? Weights.readShort(backend, layout, tensor -> true, reader)
                        : Weights.read(backend, layout, reader);
                Weights trained = parent.copy()) {
            report(arguments[0] + ", parent and copy", empty);
            Mask all = Mask.all(layout.eligible());
            WeightPlaces places = layout.places(RandomMask.of(all, all.cardinality() / 10, new Random(1)));
            long chosen = peak();
            FloatBlocks values = FloatBlocks.zeros(places.counts());
            for (float[] block : values.all()) {
                for (int i = 0; i < block.length; i++) {
                    block[i] = 0.1f + i * 1e-9f;
                }
            }
            long first = scatter(trained, places, values);
            long second = scatter(trained, places, values);
            System.out.printf(
                    "peak %d MB before, %d MB after a tenth was assigned: %d ms, again %d ms%n",
                    chosen, peak(), first, second);
            pass(backend, trained);
        }
    }

    private static long scatter(Weights weights, WeightPlaces places, FloatBlocks values) {
        long start = System.nanoTime();
        weights.vector().scatter(places, values);
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void pass(Backend backend, Weights weights) {
        Head head = Head.initial(2, Encoder.features(CONFIG), new Random(1));
        List<TokenSequence> sequences = IntStream.range(0, 8)
                .mapToObj(b -> new TokenSequence(
                        new Random(b).ints(64, 0, CONFIG.vocabulary()).toArray(), new int[64]))
                .toList();
        double least = Double.MAX_VALUE;
        try (Encoder encoder = new Encoder(backend, CONFIG)) {
            for (int i = 0; i < 6; i++) {
                long start = System.nanoTime();
                encoder.logits(weights, head, Batch.of(sequences, CONFIG));
                least = Math.min(least, (System.nanoTime() - start) / 1e6);
            }
        }
        System.out.printf(Locale.ROOT, "forward pass of 512 tokens %.0f ms at best, peak %d MB%n", least, peak());
    }

    private static void report(String what, long empty) throws IOException {
        System.out.printf("%s: %d MB above the empty process%n", what, peak() - empty);
    }

    private static long peak() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
