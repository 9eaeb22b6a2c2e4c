package io.tessellate.evaluator.scoring;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.objective.HeadScorer;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.fixture.RegistryLog;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What it takes to evaluate a version, beside the bare forward passes over the same examples in the same batches: in every round one more
 * task is committed, the new version is evaluated by one evaluator (all unions, one earlier task view, the others' digests, predictions and
 * their files, intervals), and then only the passes are done. Both are printed, and their ratio; {@code docs/results/evaluation.md}
 * holds what was. Not in it: reading records from their topics, once for each task, and one transaction for each task.
 *
 * <p>{@code EvaluationBenchmark MODEL_DIRECTORY TEXTS.jsonl TASKS EXAMPLES ROUNDS}
 */
final class EvaluationBenchmark {
    private static final int LABELS = 3;
    private static final int LONGEST = 128;

    private final Random random = new Random(1);
    private final Path directory;
    private final DirectoryBlobStore blobs;
    private final BaseModel base;
    private final List<String> texts;
    private final int examples;
    private final RegistryLog log = new RegistryLog("bot");
    private final Map<Integer, EvalSet> sets = new HashMap<>();
    private Mask owned;

    private EvaluationBenchmark(Path directory, Path model, List<String> texts, int examples) {
        this.directory = directory;
        this.blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        this.base = BaseModel.load(model);
        this.texts = texts;
        this.examples = examples;
        this.owned = Mask.none(base.layout().eligible());
        List<StoredFile> files = Stream.of("config.json", "tokenizer.json", "model.safetensors")
                .map(name -> stored(base.directory(), name))
                .toList();
        log.register(files, base.layout().eligible());
    }

    public static void main(String[] arguments) throws IOException {
        int tasks = Integer.parseInt(arguments[2]);
        int rounds = Integer.parseInt(arguments[4]);
        EvaluationBenchmark benchmark = new EvaluationBenchmark(
                Files.createTempDirectory("evaluation"),
                Path.of(arguments[0]),
                texts(Path.of(arguments[1])),
                Integer.parseInt(arguments[3]));
        for (int task = 1; task < tasks; task++) {
            benchmark.commit();
        }
        benchmark.run(rounds);
    }

    private static List<String> texts(Path file) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        List<String> texts = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            texts.add(json.readTree(line).path("text").asText());
        }
        return texts;
    }

    private void run(int rounds) {
        Backend backend = Backends.open(Backends.HOST);
        try (EncoderScoring scoring = new EncoderScoring(
                        new LiveModels(
                                blobs, directory.resolve("laid"), ProcessEngine.of(Backends.HOST, Long.MAX_VALUE)),
                        (model, commit) -> sets.get(commit.number()),
                        blobs,
                        new ScoringStarts(directory.resolve("starts")),
                        Clock.systemUTC(),
                        TaskViewMode.SAMPLED);
                LiveModels bare = new LiveModels(
                        blobs, directory.resolve("bare"), ProcessEngine.of(Backends.HOST, Long.MAX_VALUE));
                Encoder encoder = new Encoder(backend, base.config())) {
            HeadScorer passes = new HeadScorer(encoder, base.config(), HeadObjective.CLASSIFICATION);
            List<Double> ratios = new ArrayList<>();
            for (int round = 0; round <= rounds; round++) {
                commit();
                ModelLine line = log.line();
                int version = line.currentVersion();
                LiveModel live = bare.at(line, version);
                Weights union = live.with(line.holding(version));
                double evaluated = seconds(() -> WholeVersion.scored(scoring, line, version));
                double floor = seconds(() -> line.commits()
                        .forEach(commit -> passes.logits(
                                union,
                                live.head(commit),
                                sets.get(commit.number()).examples())));
                // The first is for the compiler.
                if (round > 0) {
                    ratios.add(evaluated / floor);
                    System.out.printf(
                            Locale.ROOT,
                            "%d tasks x %d examples: evaluated in %.2f s, forward passes %.2f s, ratio %.3f%n",
                            version,
                            examples,
                            evaluated,
                            floor,
                            evaluated / floor);
                }
            }
            ratios.sort(null);
            System.out.printf(Locale.ROOT, "median ratio %.3f%n", ratios.get(ratios.size() / 2));
        }
    }

    private static double seconds(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    /** A task on 1 % of the eligible weights, or what is left of them for as many as there may be. */
    private void commit() {
        int number = log.line().currentVersion() + 1;
        String task = "task" + number;
        Mask mask = RandomMask.of(owned.complement(), base.layout().eligible().size() / 100, random);
        owned = owned.union(mask);
        ParameterSpace space = mask.space();
        List<TensorUpdate> updates = new ArrayList<>();
        for (int t = 0; t < space.tensorCount(); t++) {
            EligibleTensor tensor = space.tensor(t);
            int[] indices = mask.indices(t);
            if (indices.length > 0) {
                updates.add(TensorUpdate.listed(
                        tensor.name(), Shape.of(tensor.rows(), tensor.columns()), indices, values(indices.length)));
            }
        }
        int features = Encoder.features(base.config());
        var head = List.of(
                new HeadTensor("weight", Shape.of(LABELS, features), values(LABELS * features)),
                new HeadTensor("bias", Shape.of(LABELS), values(LABELS)));
        var metadata = new AdapterMetadata(
                base.digest(),
                VersionDigest.base(base.digest()),
                TaskId.of("bot", task),
                "lotto",
                new RunId("run-" + task),
                "{}");
        AdapterFile.write(directory.resolve(task), new Adapter(metadata, updates, head));
        log.commit(task, stored(directory, task), "{}", RegistryLog.digest("data-" + task));
        sets.put(number, set(number));
    }

    private EvalSet set(int task) {
        Random drawn = new Random(task);
        List<EncodedExample> encoded = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), LONGEST)) {
            for (int i = 0; i < examples; i++) {
                String text = texts.get(drawn.nextInt(texts.size()));
                encoded.add(new EncodedExample(tokenizer.encode(text), drawn.nextInt(LABELS)));
                ids.add("e" + i);
            }
        }
        return new EvalSet(
                HeadObjective.CLASSIFICATION, Measure.by(MetricName.ACCURACY), encoded, ids, 0, Optional.empty());
    }

    private StoredFile stored(Path folder, String name) {
        Blob blob = blobs.put(name, folder.resolve(name));
        return new StoredFile(name, blob.sha256(), blob.bytes());
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.02 * random.nextGaussian());
        }
        return values;
    }
}
