package io.tessellate.pipeline.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.event.AdapterCommitted;
import io.tessellate.event.BlobReference;
import io.tessellate.event.CertifiedTask;
import io.tessellate.event.EligibleTensor;
import io.tessellate.event.EvaluationCompleted;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.MaskReserved;
import io.tessellate.event.ModelRegistered;
import io.tessellate.event.OffsetRange;
import io.tessellate.event.Ownership;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.RegistryEvent;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskOpened;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TrainingCompleted;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.View;
import io.tessellate.event.ViewScores;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEventCodec;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.Certificate;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.pipeline.check.topic.DeadLetterEntry;
import io.tessellate.pipeline.check.topic.Placed;
import io.tessellate.pipeline.check.topic.TaskTopics;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.safetensors.Shape;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A history made by hand, event by event as the services would write it. Sound unless a test makes it otherwise: by saying
 * something twice, leaving something out or changing what lies in its lists.
 */
final class SmallHistory {
    static final String TENSOR = "encoder.layer.0.attention.self.query.weight";
    static final int SIDE = 8;
    static final int RECORDS = 10;

    final List<Placed<LoggedEvent>> registry = new ArrayList<>();
    final List<Placed<TaskEvent>> tasks = new ArrayList<>();
    final List<Placed<TrainingEvent>> trainings = new ArrayList<>();
    final List<Placed<EvaluationCompleted>> evaluations = new ArrayList<>();
    final List<Placed<ForgettingRow>> rows = new ArrayList<>();
    final List<Placed<DeadLetterEntry>> letters = new ArrayList<>();
    final List<Placed<String>> unreadable = new ArrayList<>();
    final FakeTopics topics = new FakeTopics();
    final DirectoryBlobStore blobs;
    final Path store;

    private final Path directory;
    private final Map<String, List<AdapterCommitted>> commits = new HashMap<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final Map<String, Adapter> adapters = new HashMap<>();
    boolean oldLettersGone;

    SmallHistory(Path directory) {
        this.directory = directory;
        this.store = directory.resolve("blobs");
        this.blobs = new DirectoryBlobStore(store);
    }

    History history() {
        return new History(
                registry, tasks, trainings, evaluations, rows, letters, oldLettersGone, unreadable, blobs, topics);
    }

    SmallHistory register(String model, Ownership ownership) {
        Blob base = blobs.put("model.safetensors", "the base's weights".getBytes(UTF_8));
        log(
                model,
                event -> event.setModelRegistered(ModelRegistered.newBuilder()
                        .setBaseDigest(base.sha256().hex())
                        .setFiles(List.of(reference(base)))
                        .setEligible(List.of(new EligibleTensor(TENSOR, SIDE, SIDE)))
                        .setOwnership(ownership)
                        .setForgettingBudget(0.05)
                        .build()));
        return this;
    }

    /** A task on its whole way: closed, trained on some weights to a value, committed, measured. */
    SmallHistory task(String model, String task, int first, int count, float value) {
        close(model, task);
        train(model, task, first, count, value);
        commit(model, task);
        measure(model);
        return this;
    }

    String run(String model, String task) {
        return RunId.of(TaskId.of(model, task), dataset(task), "{}").value();
    }

    static Sha256 dataset(String task) {
        return Sha256.of(("dataset of " + task).getBytes(UTF_8));
    }

    void close(String model, String task) {
        String topic = "tasks." + model + "." + task;
        topics.put(topic, RECORDS, task);
        say(model, task, event -> event.setOpened(new TaskOpened(topic)));
        ready(model, task, counts(RECORDS, RECORDS, 0, 0));
    }

    void ready(String model, String task, RecordCounts counts) {
        say(
                model,
                task,
                event -> event.setReady(TaskReady.newBuilder()
                        .setRunId(run(model, task))
                        .setTopic("tasks." + model + "." + task)
                        .setRanges(List.of(new OffsetRange(0, 0L, (long) RECORDS)))
                        .setManifest(TaskManifest.newBuilder()
                                .setModel(model)
                                .setTask(task)
                                .build())
                        .setCounts(counts)
                        .setTrainExamples(RECORDS - 2)
                        .setEvalExamples(2)
                        .setDatasetDigest(dataset(task).hex())
                        .build()));
    }

    void train(String model, String task, int first, int count, float value) {
        List<AdapterCommitted> before = commits.computeIfAbsent(model, name -> new ArrayList<>());
        Sha256 base = new Sha256(base(model));
        int[] indices = IntStream.range(first, first + count).toArray();
        float[] values = new float[count];
        java.util.Arrays.fill(values, value);
        Adapter adapter = new Adapter(
                new AdapterMetadata(
                        base,
                        VersionDigest.of(
                                base,
                                before.stream()
                                        .map(commit ->
                                                new Sha256(commit.getAdapter().getSha256()))
                                        .toList()),
                        TaskId.of(model, task),
                        "lotto",
                        new RunId(run(model, task)),
                        "{}"),
                List.of(TensorUpdate.listed(TENSOR, Shape.of(SIDE, SIDE), indices, values)),
                List.of(new HeadTensor("weight", Shape.of(2), new float[] {1, 2})));
        Path file = directory.resolve(model + "-" + task + ".safetensors");
        AdapterFile.write(file, adapter);
        adapters.put(model + "/" + task, adapter);
        Blob blob = blobs.put("adapter.safetensors", file);
        long token = before.size() + 1L;
        log(
                model,
                event -> event.setMaskReserved(MaskReserved.newBuilder()
                        .setTask(task)
                        .setRunId(run(model, task))
                        .setToken(token)
                        .setParentVersion(before.size())
                        .setBudget(count)
                        .setMethod("lotto")
                        .build()));
        publish(model, task, token, blob, count);
    }

    void publish(String model, String task, long token, Blob blob, long owned) {
        trainings.add(place(
                "tessellate.trainings",
                trainings.size(),
                TrainingEvent.newBuilder()
                        .setModel(model)
                        .setTask(task)
                        .setRunId(run(model, task))
                        .setAt(Instant.EPOCH)
                        .setCompleted(TrainingCompleted.newBuilder()
                                .setToken(token)
                                .setParentVersion((int) token - 1)
                                .setBaseDigest(base(model))
                                .setAdapter(reference(blob))
                                .setMethod("lotto")
                                .setOwned(owned)
                                .setRecipe("{}")
                                .setDatasetDigest(dataset(task).hex())
                                .setTrainExamples(RECORDS - 2)
                                .setSteps(1)
                                .setFinalLoss(0.5)
                                .setSeconds(1)
                                .setEnvironment(Map.of("java", "17"))
                                .build())
                        .build()));
    }

    void commit(String model, String task) {
        TrainingCompleted published = trainings.stream()
                .map(Placed::value)
                .filter(event ->
                        event.getModel().equals(model) && event.getTask().equals(task) && event.getCompleted() != null)
                .map(TrainingEvent::getCompleted)
                .findFirst()
                .orElseThrow();
        List<AdapterCommitted> before = commits.get(model);
        List<CertifiedTask> certificate = new ArrayList<>();
        before.forEach(commit -> certificate.add(certified(model, commit.getTask())));
        certificate.add(certified(model, task));
        AdapterCommitted commit = AdapterCommitted.newBuilder()
                .setTask(task)
                .setRunId(run(model, task))
                .setToken(published.getToken())
                .setVersion(before.size() + 1)
                .setAdapter(published.getAdapter())
                .setMethod("lotto")
                .setOwned(published.getOwned())
                .setOverlap(0)
                .setRecipe("{}")
                .setDatasetDigest(dataset(task).hex())
                .setCertificate(exclusive(model) ? certificate : List.of())
                .build();
        before.add(commit);
        log(model, event -> event.setAdapterCommitted(commit));
    }

    private CertifiedTask certified(String model, String task) {
        Adapter adapter = adapters.get(model + "/" + task);
        float value = adapter.updates().get(0).values()[0];
        Sha256 digest = Certificate.of(adapter, (tensor, indices) -> {
            float[] values = new float[indices.length];
            java.util.Arrays.fill(values, value);
            return values;
        });
        return new CertifiedTask(task, adapter.entries(), digest.hex());
    }

    /** Scores of the newest version, and its row. */
    void measure(String model) {
        List<String> names =
                commits.get(model).stream().map(AdapterCommitted::getTask).toList();
        names.forEach(task -> {
            score(model, names, task, View.UNION, 0.75);
            score(model, names, task, View.TASK, 0.5);
        });
        row(model, names);
    }

    void score(String model, List<String> names, String task, View view, double score) {
        Blob hits = blobs.put("hits", "1 0 1".getBytes(UTF_8));
        evaluations.add(place(
                "tessellate.evaluations",
                evaluations.size(),
                EvaluationCompleted.newBuilder()
                        .setModel(model)
                        .setVersion(names.size())
                        .setVersionTasks(names)
                        .setTask(task)
                        .setView(view)
                        .setMetric("accuracy")
                        .setScore(score)
                        .setExamples(2)
                        .setPredictionsDigest(
                                Sha256.of((view + " " + score).getBytes(UTF_8)).hex())
                        .setHits(reference(hits))
                        .setAt(Instant.EPOCH)
                        .build()));
    }

    void row(String model, List<String> names) {
        rows.add(place(
                "tessellate.forgetting",
                rows.size(),
                ForgettingRow.newBuilder()
                        .setModel(model)
                        .setVersion(names.size())
                        .setTasks(names)
                        .setMetrics(names.stream().map(name -> "accuracy").toList())
                        .setUnion(scores(View.UNION, names.size(), 0.75))
                        .setTask(scores(View.TASK, names.size(), 0.5))
                        .setAt(Instant.EPOCH)
                        .build()));
    }

    private static ViewScores scores(View view, int count, double score) {
        List<Double> all = IntStream.range(0, count).mapToObj(i -> score).toList();
        return ViewScores.newBuilder()
                .setView(view)
                .setScores(all)
                .setAverageAccuracy(score)
                .setDrops(all.stream().map(each -> 0.0).toList())
                .build();
    }

    void say(String model, String task, Consumer<TaskEvent.Builder> variant) {
        TaskEvent.Builder event =
                TaskEvent.newBuilder().setModel(model).setTask(task).setAt(Instant.EPOCH);
        variant.accept(event);
        tasks.add(place("tessellate.tasks", tasks.size(), event.build()));
    }

    void log(String model, Consumer<RegistryEvent.Builder> variant) {
        RegistryEvent.Builder event = RegistryEvent.newBuilder()
                .setModel(model)
                .setSequence(sequences.merge(model, 1L, Long::sum))
                .setAt(Instant.EPOCH);
        variant.accept(event);
        registry.add(place("tessellate.registry", registry.size(), RegistryEventCodec.fromAvro(event.build())));
    }

    /** Changes what stands in the registry's log. */
    void rewrite(int index, Consumer<RegistryEvent> change) {
        Placed<LoggedEvent> entry = registry.get(index);
        RegistryEvent event = RegistryEventCodec.toAvro(entry.value());
        change.accept(event);
        registry.set(index, entry.with(RegistryEventCodec.fromAvro(event)));
    }

    void putAside(String model, String task, long offset) {
        letters.add(place(
                "tessellate.dead-letters",
                letters.size(),
                new DeadLetterEntry(model + "/" + task, "UNDECODABLE", "tasks." + model + "." + task, 0, offset)));
    }

    /** Where a task's adapter lies. */
    Path adapterFile(String model, String task) {
        String sha = commits.get(model).stream()
                .filter(commit -> commit.getTask().equals(task))
                .map(commit -> commit.getAdapter().getSha256())
                .findFirst()
                .orElseThrow();
        return store.resolve(Commit.path(sha));
    }

    private boolean exclusive(String model) {
        return history().models().stream()
                .filter(known -> known.name().equals(model))
                .allMatch(ModelHistory::exclusive);
    }

    private String base(String model) {
        return history().models().stream()
                .filter(known -> known.name().equals(model))
                .flatMap(known -> known.registered().stream())
                .map(registered -> registered.baseDigest().hex())
                .findFirst()
                .orElseThrow();
    }

    private static BlobReference reference(Blob blob) {
        return new BlobReference(blob.name(), blob.sha256().hex(), blob.bytes());
    }

    static RecordCounts counts(long read, long accepted, long deadLettered, long duplicates) {
        return new RecordCounts(read, accepted, deadLettered, duplicates);
    }

    private static <V> Placed<V> place(String topic, long offset, V value) {
        return new Placed<>(topic, 0, offset, value);
    }

    /** Task topics of one partition with records of one content. */
    static final class FakeTopics implements TaskTopics {
        private final Map<String, OffsetSpan> held = new HashMap<>();
        private final Map<String, String> contents = new HashMap<>();

        void put(String topic, long records, String content) {
            held.put(topic, new OffsetSpan(0, records));
            contents.put(topic, content);
        }

        void deleteBefore(String topic, long offset) {
            held.put(topic, new OffsetSpan(offset, held.get(topic).to()));
        }

        @Override
        public Map<Integer, OffsetSpan> partitions(String topic) {
            OffsetSpan span = held.get(topic);
            return span == null ? Map.of() : Map.of(0, span);
        }

        @Override
        public long count(String topic, int partition, long from, long to) {
            OffsetSpan span = held.get(topic);
            return Math.max(0, Math.min(to, span.to()) - Math.max(from, span.from()));
        }

        @Override
        public Optional<Sha256> digest(String topic, List<OffsetRange> ranges) {
            return Optional.of(Sha256.of(contents.get(topic).getBytes(UTF_8)));
        }
    }
}
