package io.tessellate.predictor.asking;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.dataset.Question;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
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
import io.tessellate.registry.client.SharedLogs;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * How many questions a second the predictor answers, and how soon, with so many tasks on one base, each asked at random by so many
 * clients that wait for each answer; with the memory of the process. Run by hand beside {@code src/bench/pipelines.py}; {@code
 * docs/results/predictions.md} holds what both printed.
 *
 * <p>{@code AskingBenchmark MODEL_DIRECTORY TEXTS.jsonl TASKS SECONDS CLIENTS}
 */
final class AskingBenchmark {
    private static final int LABELS = 3;

    private final Random random = new Random(1);
    private final Path directory;
    private final DirectoryBlobStore blobs;
    private final BaseModel base;

    private AskingBenchmark(Path directory, Path model) {
        this.directory = directory;
        this.blobs = new DirectoryBlobStore(directory.resolve("blobs"));
        this.base = BaseModel.load(model);
    }

    public static void main(String[] arguments) throws Exception {
        Path model = Path.of(arguments[0]);
        List<Question> questions = questions(Path.of(arguments[1]));
        int tasks = Integer.parseInt(arguments[2]);
        int seconds = Integer.parseInt(arguments[3]);
        int clients = Integer.parseInt(arguments[4]);
        AskingBenchmark benchmark = new AskingBenchmark(Files.createTempDirectory("asking"), model);
        List<AskedView> views = benchmark.views(tasks);
        LiveBases bases = new LiveBases(
                benchmark.blobs, benchmark.directory.resolve("laid"), ProcessEngine.of("host", Long.MAX_VALUE));
        try (KafkaClients kafka = new KafkaClients(KafkaSettings.of("127.0.0.1:1", "mock://asking"));
                SharedLogs logs = SharedLogs.of(kafka, Clock.systemUTC());
                Predictor predictor = new Predictor(
                        new ViewResolver(logs), bases, PredictorSettings.USUAL, new SimpleMeterRegistry())) {
            predictor.start();
            run(predictor, views, questions, clients, Math.max(2, seconds / 3));
            long begun = System.nanoTime();
            List<Double> latencies = run(predictor, views, questions, clients, seconds);
            print(tasks, latencies, (System.nanoTime() - begun) / 1e9);
        }
    }

    private static List<Question> questions(Path file) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        List<Question> questions = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            questions.add(Question.of(json.readTree(line).path("text").asText()));
        }
        return questions;
    }

    private static List<Double> run(
            Predictor predictor, List<AskedView> views, List<Question> questions, int clients, int seconds)
            throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Callable<List<Double>>> all = IntStream.range(0, clients)
                .<Callable<List<Double>>>mapToObj(
                        client -> () -> client(predictor, views, questions, new Random(client), end))
                .toList();
        List<Double> latencies = new ArrayList<>();
        for (Future<List<Double>> one : threads.invokeAll(all)) {
            latencies.addAll(one.get());
        }
        threads.shutdown();
        return latencies;
    }

    private static List<Double> client(
            Predictor predictor, List<AskedView> views, List<Question> questions, Random random, long end)
            throws Exception {
        List<Double> latencies = new ArrayList<>();
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            AskedView view = views.get(random.nextInt(views.size()));
            Question question = questions.get(random.nextInt(questions.size()));
            Reply reply = predictor.ask(view, List.of(question)).get(0).get();
            if (!(reply instanceof Reply.Answered)) {
                throw new IllegalStateException(reply.toString());
            }
            latencies.add((System.nanoTime() - begun) / 1e6);
        }
        return latencies;
    }

    private static void print(int tasks, List<Double> latencies, double taken) throws IOException {
        List<Double> sorted = latencies.stream().sorted().toList();
        long resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        System.out.printf(
                Locale.ROOT,
                "predictor tasks=%d questions/s=%.0f p50=%.1f ms p99=%.1f ms resident=%d MB%n",
                tasks,
                sorted.size() / taken,
                sorted.get(sorted.size() / 2),
                sorted.get((int) (0.99 * sorted.size())),
                resident / 1024);
    }

    /** Each task's own view: its adapter on those before it, each of 1 % of the eligible weights. */
    private List<AskedView> views(int tasks) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            files.add(stored(base.directory(), name));
        }
        List<StoredFile> adapters = new ArrayList<>();
        List<AskedView> views = new ArrayList<>();
        Mask owned = Mask.none(base.layout().eligible());
        for (int task = 0; task < tasks; task++) {
            Mask mask =
                    RandomMask.of(owned.complement(), base.layout().eligible().size() / 100, random);
            owned = owned.union(mask);
            adapters.add(adapter("task" + task, mask));
            views.add(AskedViews.of("task" + task, base.digest(), files, adapters));
        }
        return views;
    }

    private StoredFile stored(Path folder, String name) {
        Blob blob = blobs.put(name, folder.resolve(name));
        return new StoredFile(name, blob.sha256(), blob.bytes());
    }

    private StoredFile adapter(String task, Mask mask) {
        ParameterSpace space = mask.space();
        List<TensorUpdate> updates = new ArrayList<>();
        for (int t = 0; t < space.tensorCount(); t++) {
            EligibleTensor tensor = space.tensor(t);
            int[] indices = mask.indices(t);
            updates.add(TensorUpdate.listed(
                    tensor.name(), Shape.of(tensor.rows(), tensor.columns()), indices, values(indices.length)));
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
        return stored(directory, task);
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.02 * random.nextGaussian());
        }
        return values;
    }
}
