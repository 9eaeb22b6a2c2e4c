package io.tessellate.engine.model;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Times training steps and evaluation passes of an encoder of a given size. Run by hand, not by the build. */
final class EncoderBenchmark {
    private EncoderBenchmark() {}

    /** Arguments: backend layers hidden heads vocabulary batch length repetitions. */
    public static void main(String[] args) {
        int[] n = Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
        ModelConfig config = new ModelConfig(ModelConfig.BERT, n[3], n[1], n[0], n[2], 4 * n[1], 512, 2, 1e-12f, 0);
        Backend backend = Backends.open(args.length == 0 ? Backends.HOST : args[0]);
        ParameterLayout layout = ParameterLayout.of(config);
        Random random = new Random(1);
        List<TokenSequence> sequences = new ArrayList<>();
        for (int b = 0; b < n[4]; b++) {
            sequences.add(new TokenSequence(random.ints(n[5], 0, n[3]).toArray(), new int[n[5]]));
        }
        Batch batch = Batch.of(sequences, config);
        Targets targets = Targets.classes(random.ints(n[4], 0, 2).toArray());
        Head head = Head.initial(2, Encoder.features(config), random);
        try (Weights weights = Weights.zeros(backend, layout);
                Encoder encoder = new Encoder(backend, config)) {
            for (ParameterTensor tensor : layout.tensors()) {
                float[] values = new float[tensor.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (0.02 * random.nextGaussian());
                }
                weights.put(tensor.name(), values);
            }
            time("evaluation", n[6], () -> encoder.logits(weights, head, batch));
            training(
                    backend,
                    weights,
                    encoder,
                    new Run("training, all", TrainableTensors.all(layout), n[6]),
                    head,
                    new Step(batch, targets));
            training(
                    backend,
                    weights,
                    encoder,
                    new Run("training, eligible", TrainableTensors.eligible(layout), n[6]),
                    head,
                    new Step(batch, targets));
        }
    }

    private record Run(String name, TrainableTensors trainable, int repetitions) {}

    private static void training(Backend backend, Weights weights, Encoder encoder, Run run, Head head, Step step) {
        HeadGradients headGradients = HeadGradients.of(head);
        try (Gradients gradients = new Gradients(backend, run.trainable())) {
            time(run.name(), run.repetitions(), () -> {
                gradients.zero();
                encoder.backward(weights, head, step, gradients, headGradients);
            });
        }
    }

    private static void time(String name, int repetitions, Runnable run) {
        for (int i = 0; i < repetitions / 2; i++) {
            run.run();
        }
        double[] ms = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            long start = System.nanoTime();
            run.run();
            ms[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(ms);
        System.out.println(
                String.format(Locale.ROOT, "%-20s median %.2f ms, min %.2f ms", name, ms[repetitions / 2], ms[0]));
    }
}
