package io.tessellate.experiment;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TaskData;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.stream.SequentialRun;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Whether mixed precision costs accuracy: scores and losses of the same trainings in both precisions, on a real model, three
 * tasks and five seeds. Run by hand; each run is kept in a file, and what is there is not run again. {@code
 * docs/results/precision.md} holds what it printed.
 *
 * <pre>PrecisionComparison FILE MODEL TRAIN_EXAMPLES EVAL_EXAMPLES EPOCHS [BACKEND]</pre>
 */
final class PrecisionComparison {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TASKS = List.of("agnews", "sst2", "mrpc");
    private static final List<String> PRECISIONS = List.of("fp32", "mixed");
    private static final int SEEDS = 5;
    /** Parts of a training whose losses are compared. */
    private static final int PARTS = 4;

    /** Two-sided 95 % point of Student's t with four degrees of freedom: five paired seeds. */
    private static final double STUDENT = 2.776;

    private final Path file;
    private final BaseModel base;
    private final Sha256 digest;
    private final Backend backend;
    private final Size size;

    private PrecisionComparison(Path file, BaseModel base, Backend backend, Size size) {
        this.file = file;
        this.base = base;
        this.digest = base.digest();
        this.backend = backend;
        this.size = size;
    }

    /** Examples and epochs of a training. */
    record Size(int train, int eval, double epochs) {}

    /**
     * What came of a training.
     *
     * @param losses mean training loss at the end of each part
     */
    record Run(String task, String precision, int seed, double score, double[] losses) {}

    public static void main(String[] arguments) throws IOException {
        Size size = new Size(
                Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]), Double.parseDouble(arguments[4]));
        Backend backend = Backends.open(arguments.length > 5 ? arguments[5] : Backends.HOST);
        BaseModel base = BaseModel.load(RealData.require("models/" + arguments[1]));
        new PrecisionComparison(Path.of(arguments[0]), base, backend, size).run();
    }

    private void run() throws IOException {
        List<Run> runs = known();
        for (int seed = 1; seed <= SEEDS; seed++) {
            for (String task : TASKS) {
                for (String precision : PRECISIONS) {
                    int wanted = seed;
                    if (runs.stream()
                            .noneMatch(run -> run.task().equals(task)
                                    && run.precision().equals(precision)
                                    && run.seed() == wanted)) {
                        Run run = train(task, precision, seed);
                        keep(run);
                        runs.add(run);
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s, %d train and %d eval examples, %.1f epochs, %d seeds, %s%n",
                base.directory().getFileName(),
                size.train(),
                size.eval(),
                size.epochs(),
                SEEDS,
                backend.name());
        TASKS.forEach(task -> print(task, runs));
    }

    private List<Run> known() throws IOException {
        List<Run> runs = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                runs.add(JSON.readValue(line, Run.class));
            }
        }
        return runs;
    }

    private void keep(Run run) throws IOException {
        Files.writeString(
                file, JSON.writeValueAsString(run) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.println(JSON.writeValueAsString(run));
    }

    private Run train(String task, String precision, int seed) throws IOException {
        Recipe recipe = Recipe.of(Map.of(
                "method",
                "random",
                "density",
                0.1,
                "epochs",
                size.epochs(),
                "learningRate",
                1e-3,
                "maxLength",
                64,
                "warmupShare",
                0.1,
                "precision",
                precision,
                "seed",
                seed));
        Path directory = Files.createTempDirectory("precision");
        List<Double> losses = new ArrayList<>();
        try (SequentialRun run = new SequentialRun(backend, base, digest, directory)) {
            var version = run.learn(task(task, recipe), recipe, progress -> losses.add(progress.loss()));
            double[] parts = new double[PARTS];
            for (int p = 0; p < PARTS; p++) {
                parts[p] = losses.get((p + 1) * losses.size() / PARTS - 1);
            }
            return new Run(task, precision, seed, version.task().get(0).value(), parts);
        }
    }

    private StreamTask task(String name, Recipe recipe) {
        TaskFolder folder = TaskFolder.read(RealData.require(name), base.config(), null, size.train(), size.eval());
        try (Encoding encoding = Encoding.of(base.tokenizerFile(), base.config(), recipe)) {
            List<EncodedExample> train = encoding.encode(folder.objective(), folder.train());
            List<EncodedExample> eval = encoding.encode(folder.objective(), folder.eval());
            return new StreamTask(
                    new TaskData(TaskId.of("precision", name), folder.objective(), folder.labels(), train),
                    folder.measure(),
                    eval);
        }
    }

    private static void print(String task, List<Run> runs) {
        List<Run> single = of(task, PRECISIONS.get(0), runs);
        List<Run> mixed = of(task, PRECISIONS.get(1), runs);
        System.out.printf(
                Locale.ROOT,
                "%s: score fp32 %s, mixed %s, mixed - fp32 %s%n",
                task,
                spread(values(single, Run::score), false),
                spread(values(mixed, Run::score), false),
                spread(differences(single, mixed, Run::score), true));
        for (int p = 0; p < PARTS; p++) {
            int part = p;
            ToDoubleFunction<Run> loss = run -> run.losses()[part];
            System.out.printf(
                    Locale.ROOT,
                    "    loss after %d/%d: fp32 %s, mixed %s, mixed - fp32 %s%n",
                    p + 1,
                    PARTS,
                    spread(values(single, loss), false),
                    spread(values(mixed, loss), false),
                    spread(differences(single, mixed, loss), true));
        }
    }

    /** By seed, in whatever order they were made: differences are between runs of the same seed. */
    private static List<Run> of(String task, String precision, List<Run> runs) {
        return runs.stream()
                .filter(run -> run.task().equals(task) && run.precision().equals(precision))
                .sorted(Comparator.comparingInt(Run::seed))
                .toList();
    }

    private static double[] values(List<Run> runs, ToDoubleFunction<Run> value) {
        return runs.stream().mapToDouble(value).toArray();
    }

    private static double[] differences(List<Run> from, List<Run> to, ToDoubleFunction<Run> value) {
        double[] differences = new double[from.size()];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = value.applyAsDouble(to.get(i)) - value.applyAsDouble(from.get(i));
        }
        return differences;
    }

    /** Mean and standard deviation, or, of differences, mean and half the width of its 95 % interval. */
    private static String spread(double[] values, boolean interval) {
        double mean = DoubleStream.of(values).average().orElse(0);
        double squares =
                DoubleStream.of(values).map(x -> (x - mean) * (x - mean)).sum();
        double deviation = Math.sqrt(squares / Math.max(1, values.length - 1));
        double shown = interval ? STUDENT * deviation / Math.sqrt(values.length) : deviation;
        return String.format(Locale.ROOT, "%.4f ± %.4f", mean, shown);
    }
}
