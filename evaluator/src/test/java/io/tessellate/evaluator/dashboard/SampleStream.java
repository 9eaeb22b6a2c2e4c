package io.tessellate.evaluator.dashboard;

import io.tessellate.evaluator.alert.AlertBook;
import io.tessellate.evaluator.alert.AlertCodec;
import io.tessellate.evaluator.alert.AlertUpdateCodec;
import io.tessellate.evaluator.alert.Delivery;
import io.tessellate.evaluator.live.LiveBook;
import io.tessellate.evaluator.live.LiveCount;
import io.tessellate.evaluator.live.LiveCounts;
import io.tessellate.evaluator.live.LiveScore;
import io.tessellate.evaluator.live.LiveStanding;
import io.tessellate.evaluator.matrix.MatrixBook;
import io.tessellate.evaluator.view.DeadLetterBook;
import io.tessellate.evaluator.view.DeadLetterSample;
import io.tessellate.evaluator.view.OwnershipBook;
import io.tessellate.evaluator.view.PipelineView;
import io.tessellate.event.Alert;
import io.tessellate.event.ForgettingRow;
import io.tessellate.event.RecordCounts;
import io.tessellate.event.RejectionReason;
import io.tessellate.event.ScoreInterval;
import io.tessellate.event.Severity;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskManifest;
import io.tessellate.event.TaskNoted;
import io.tessellate.event.TaskOpened;
import io.tessellate.event.TaskReady;
import io.tessellate.event.TaskRejected;
import io.tessellate.event.TaskVerdict;
import io.tessellate.event.TrainingEvent;
import io.tessellate.event.TrainingProgress;
import io.tessellate.event.TrainingStarted;
import io.tessellate.event.VersionVerdict;
import io.tessellate.event.View;
import io.tessellate.event.ViewScores;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.log.CertifiedTask;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.RandomMask;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.blob.DirectoryBlobStore;
import io.tessellate.safetensors.Shape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model with up to five tasks, as events: what the dashboard's tests and its screenshots show. */
final class SampleStream {
    static final List<String> TASKS = List.of("sentiment", "question-type", "acceptability", "paraphrase", "topic");
    private static final double[][] UNION = {
        {0.914},
        {0.902, 0.883},
        {0.887, 0.871, 0.792},
        {0.879, 0.868, 0.781, 0.846},
        {0.872, 0.861, 0.744, 0.839, 0.921}
    };
    private static final double[] LEARNT = {0.914, 0.883, 0.792, 0.846, 0.921};
    private static final double BUDGET = 0.045;
    private static final long EXAMPLES = 500;

    private final ModelName model;
    private final Path directory;
    private final BlobStore blobs;
    private final Random random = new Random(11);
    private final ParameterSpace space = space();
    private final Instant start = Instant.now().minus(14, ChronoUnit.MINUTES);
    private final Books books;
    private final MatrixBook matrices;
    private final Lineage lineage;
    private final PipelineView tasks;
    private final List<CertifiedTask> certificate = new ArrayList<>();
    private Mask owned = Mask.none(space);
    private long sequence;

    /** What all models of a page are told in. */
    private record Books(
            AtomicLong lineageRevision,
            MatrixBook matrices,
            Lineage lineage,
            PipelineView tasks,
            AlertBook alerts,
            LiveBook live,
            DeadLetterBook deadLetters,
            OwnershipBook ownership) {
        static Books empty(BlobStore blobs) {
            Lineage lineage = new Lineage();
            return new Books(
                    new AtomicLong(),
                    new MatrixBook(),
                    lineage,
                    new PipelineView(lineage),
                    new AlertBook(),
                    new LiveBook(),
                    new DeadLetterBook(),
                    new OwnershipBook(blobs));
        }
    }

    SampleStream(String model, Path directory) {
        this(model, directory, new DirectoryBlobStore(directory.resolve("blobs")), null);
    }

    private SampleStream(String model, Path directory, BlobStore blobs, @Nullable Books shared) {
        this.model = new ModelName(model);
        this.directory = directory;
        this.blobs = blobs;
        this.books = shared == null ? Books.empty(blobs) : shared;
        this.matrices = books.matrices;
        this.lineage = books.lineage;
        this.tasks = books.tasks;
    }

    /** Another model on the same page. */
    SampleStream beside(String other) {
        return new SampleStream(other, directory, blobs, books);
    }

    DashboardSources sources() {
        return new DashboardSources(
                tasks,
                matrices,
                lineage,
                books.lineageRevision::get,
                books.ownership,
                books.alerts,
                books.live,
                books.deadLetters);
    }

    ModelName model() {
        return model;
    }

    private static ParameterSpace space() {
        List<EligibleTensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "bert.encoder.layer." + layer + ".";
            for (String part : List.of("query", "key", "value")) {
                tensors.add(new EligibleTensor(prefix + "attention.self." + part + ".weight", 128, 128));
            }
            tensors.add(new EligibleTensor(prefix + "attention.output.dense.weight", 128, 128));
            tensors.add(new EligibleTensor(prefix + "intermediate.dense.weight", 512, 128));
            tensors.add(new EligibleTensor(prefix + "output.dense.weight", 128, 512));
        }
        return new ParameterSpace(tensors);
    }

    private Instant at(int task, int second) {
        return start.plusSeconds(150L * task + second);
    }

    void register() {
        log(at(0, 0), new RegistryEvent.ModelRegistered(digest("base"), List.of(), space, Ownership.EXCLUSIVE, BUDGET));
    }

    /** The task's first record and what ingest made of all of them. */
    void arrive(int task) {
        tasks.apply(taskEvent(task, at(task, 1))
                .setOpened(new TaskOpened("tasks." + id(task)))
                .build());
        long dead = task == 1 ? 7 : 0;
        for (int i = 0; i < dead; i++) {
            books.deadLetters.count(id(task), i < 5 ? "UNKNOWN_LABEL" : "UNDECODABLE");
        }
        long duplicates = task == 3 ? 12 : 0;
        long accepted = 2500 + 100L * task;
        tasks.apply(taskEvent(task, at(task, 4))
                .setReady(TaskReady.newBuilder()
                        .setRunId(run(task).value())
                        .setTopic("tasks." + id(task))
                        .setRanges(List.of())
                        .setManifest(TaskManifest.newBuilder()
                                .setModel(model.value())
                                .setTask(TASKS.get(task))
                                .build())
                        .setCounts(new RecordCounts(accepted + dead + duplicates, accepted, dead, duplicates))
                        .setTrainExamples(accepted - 500L)
                        .setEvalExamples(500)
                        .setDatasetDigest(digest("data" + task).hex())
                        .build())
                .build());
    }

    void train(int task, String phase, long step, long steps, double loss, double secondsLeft) {
        tasks.apply(TrainingEvent.newBuilder()
                .setModel(model.value())
                .setTask(TASKS.get(task))
                .setRunId(run(task).value())
                .setAt(at(task, 6))
                .setStarted(new TrainingStarted(1, 0L, task))
                .build());
        tasks.apply(TrainingProgress.newBuilder()
                .setModel(model.value())
                .setTask(TASKS.get(task))
                .setRunId(run(task).value())
                .setPhase(phase)
                .setStep(step)
                .setSteps(steps)
                .setLoss(loss)
                .setSecondsLeft(secondsLeft)
                .setAt(at(task, 7 + (int) step / 10))
                .build());
    }

    /** The task's adapter is trained, stored and committed as the next version. */
    void commit(int task) {
        Mask mask = RandomMask.of(owned.complement(), space.size() / 10, random);
        owned = owned.union(mask);
        certificate.add(new CertifiedTask(new TaskName(TASKS.get(task)), mask.cardinality(), digest("owned" + task)));
        log(
                at(task, 95),
                new RegistryEvent.AdapterCommitted(
                        new TaskName(TASKS.get(task)),
                        run(task),
                        task + 1,
                        task + 1,
                        store(task, mask),
                        "lotto",
                        mask.cardinality(),
                        0,
                        "{}",
                        digest("data" + task),
                        List.copyOf(certificate)));
        books.ownership.update(lineage.require(model));
    }

    /** The newest version's row, and what the registry decides on it. */
    void evaluate(int task) {
        int version = task + 1;
        List<Double> union =
                IntStream.range(0, version).mapToObj(j -> UNION[task][j]).toList();
        List<Double> own = IntStream.range(0, version).mapToObj(j -> LEARNT[j]).toList();
        ForgettingRow row = ForgettingRow.newBuilder()
                .setModel(model.value())
                .setVersion(version)
                .setTasks(TASKS.subList(0, version))
                .setMetrics(IntStream.range(0, version)
                        .mapToObj(j -> j == 2 ? "matthews" : "accuracy")
                        .toList())
                .setUnion(scores(View.UNION, union, version))
                .setTask(scores(View.TASK, own, version))
                .setAt(at(task, 110))
                .setVerdict(verdict(task))
                .build();
        matrices.apply(row);
        tasks.apply(row);
        double drop = row.getUnion().getDrops().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        if (drop > BUDGET) {
            log(
                    at(task, 112),
                    new RegistryEvent.VersionQuarantined(version, new TaskName("acceptability"), drop, BUDGET));
            alert(version, Severity.CRITICAL, drop, at(task, 111));
        } else {
            log(at(task, 112), new RegistryEvent.VersionPromoted(version, "within the forgetting budget"));
            if (drop > BUDGET / 2) {
                alert(version, Severity.WARNING, drop, at(task, 111));
            }
        }
    }

    /** How the newest version is judged by its earlier tasks. */
    private static VersionVerdict verdict(int task) {
        List<TaskVerdict> tasks = IntStream.range(0, task)
                .mapToObj(earlier -> verdict(task, earlier))
                .toList();
        String worst = Stream.of("FAIL", "WARN")
                .filter(level ->
                        tasks.stream().anyMatch(each -> each.getVerdict().equals(level)))
                .findFirst()
                .orElse("PASS");
        return VersionVerdict.newBuilder()
                .setVerdict(worst)
                .setReason(worst.equals("PASS") ? "no earlier task lost more than half of its budget" : "see the tasks")
                .setSignificance(0.05)
                .setTasks(tasks)
                .build();
    }

    private static TaskVerdict verdict(int task, int earlier) {
        double drop = LEARNT[earlier] - UNION[task][earlier];
        return TaskVerdict.newBuilder()
                .setTask(TASKS.get(earlier))
                .setVerdict(drop > BUDGET ? "FAIL" : drop > BUDGET / 2 ? "WARN" : "PASS")
                .setReason("drop %.4f against version %d, budget %.4f (model)".formatted(drop, earlier + 1, BUDGET))
                .setBudget(BUDGET)
                .setBudgetFrom("model")
                .setDrop(drop)
                .setAgainst(earlier + 1)
                .setTest("mcnemar-exact")
                .setP(0.003)
                .setCorrected(0.012)
                .setLost(31)
                .setWon(7)
                .setExamples(EXAMPLES)
                .build();
    }

    void reject(String name) {
        tasks.apply(TaskEvent.newBuilder()
                .setModel(model.value())
                .setTask(name)
                .setAt(at(4, 20))
                .setRejected(TaskRejected.newBuilder()
                        .setCode("TOO_MANY_BAD_RECORDS")
                        .setMessage("412 of 2000 records are bad, 1 % are tolerated")
                        .setCounts(new RecordCounts(2000L, 1588L, 412L, 0L))
                        .setReasons(List.of(new RejectionReason(
                                "MISSING_FIELD", 412L, "field 'text' is missing; there are body, stars")))
                        .build())
                .build());
        tasks.apply(TaskEvent.newBuilder()
                .setModel(model.value())
                .setTask(name)
                .setAt(at(4, 21))
                .setNoted(new TaskNoted("RECORDS_AT_RISK", "its topic keeps records for 1 h only: set retention.ms=-1"))
                .build());
        DeadLetterSample letter = new DeadLetterSample(
                "MISSING_FIELD",
                "field 'text' is missing; there are body, stars",
                "tasks.%s.%s, partition 0, offset 17".formatted(model, name),
                "\u00b7\u00b7\u00b7\u00b7body\u00b7buy now",
                16);
        IntStream.range(0, 412).forEach(i -> books.deadLetters.take(new TaskId(model, new TaskName(name)), letter));
    }

    /** Labels of a task came back and say less well than its eval split; what an endpoint should have heard of alerts it never took. */
    void live(int task) {
        books.live.apply(new LiveStanding(
                id(task),
                List.of(
                        live(io.tessellate.evaluator.matrix.View.UNION, task + 1, 201),
                        live(io.tessellate.evaluator.matrix.View.TASK, task + 1, 460)),
                new LiveCounts(Map.of(LiveCount.WAITING, 12L, LiveCount.EARLY, 3L)),
                at(task, 130)));
        books.alerts
                .alerts(Instant.now())
                .forEach(listed -> AlertUpdateCodec.tell(
                        AlertUpdateCodec.delivery(
                                "update-" + listed.alert().id(),
                                new Delivery(
                                        listed.alert().id(),
                                        "on-call",
                                        Delivery.Outcome.GIVEN_UP,
                                        12,
                                        503,
                                        "it answered 503",
                                        "{\"type\":\"tessellate.alert\",\"data\":{\"message\":\"%s\"}}"
                                                .formatted("a long line that nobody breaks ".repeat(8)),
                                        at(task, 131))),
                        books.alerts));
    }

    private static LiveScore live(io.tessellate.evaluator.matrix.View view, int version, long hits) {
        double score = (double) hits / EXAMPLES;
        return new LiveScore(
                view,
                version,
                "accuracy",
                score,
                io.tessellate.engine.metric.ScoreInterval.wilson(hits, EXAMPLES),
                EXAMPLES,
                EXAMPLES);
    }

    /** A model of many tasks and versions, as rows alone tell of it: a task is learnt at a version until all are. */
    void grow(int taskCount, int versions) {
        List<String> names = IntStream.rangeClosed(1, taskCount)
                .mapToObj("task-%03d"::formatted)
                .toList();
        for (int version = 1; version <= versions; version++) {
            int held = Math.min(version, taskCount);
            int now = version;
            List<Double> union = IntStream.range(0, held)
                    .mapToObj(j -> 0.95 - 0.0005 * (now - j) - 0.002 * (j % 50))
                    .toList();
            matrices.apply(ForgettingRow.newBuilder()
                    .setModel(model.value())
                    .setVersion(version)
                    .setTasks(names.subList(0, held))
                    .setMetrics(names.subList(0, held).stream()
                            .map(name -> "accuracy")
                            .toList())
                    .setUnion(flat(View.UNION, union))
                    .setTask(flat(View.TASK, union))
                    .setAt(at(0, version))
                    .build());
        }
        for (String name : names) {
            tasks.apply(TaskEvent.newBuilder()
                    .setModel(model.value())
                    .setTask(name)
                    .setAt(at(0, 1))
                    .setOpened(new TaskOpened("tasks." + name))
                    .build());
        }
    }

    private static ViewScores flat(View view, List<Double> scores) {
        return ViewScores.newBuilder()
                .setView(view)
                .setScores(scores)
                .setAverageAccuracy(0.9)
                .setBackwardTransfer(scores.size() == 1 ? null : 0.0)
                .setForgetting(scores.size() == 1 ? null : 0.0)
                .setDrops(scores.stream().map(score -> 0.0).toList())
                .build();
    }

    /** A task from its first record to its row. */
    void complete(int task) {
        arrive(task);
        train(task, "train", 240, 240, 0.31, 0);
        commit(task);
        evaluate(task);
    }

    private void alert(int version, Severity severity, double drop, Instant when) {
        books.alerts.apply(AlertCodec.alert(Alert.newBuilder()
                .setModel(model.value())
                .setVersion(version)
                .setSeverity(severity)
                .setCode("FORGETTING")
                .setTask("acceptability")
                .setView(View.UNION)
                .setValue(drop)
                .setLimit(BUDGET)
                .setMessage(
                        "version %d scores %.4f below its best on 'acceptability' in the union view; the budget is %.4f"
                                .formatted(version, drop, BUDGET))
                .setAt(when)
                .build()));
    }

    private ViewScores scores(View view, List<Double> now, int version) {
        List<Double> drops = IntStream.range(0, version)
                .mapToObj(j -> Math.max(0, LEARNT[j] - now.get(j)))
                .toList();
        double mean = now.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double forgetting = drops.subList(0, version - 1).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
        return ViewScores.newBuilder()
                .setView(view)
                .setScores(now)
                .setAverageAccuracy(mean)
                .setBackwardTransfer(version == 1 ? null : -forgetting)
                .setForgetting(version == 1 ? null : forgetting)
                .setDrops(drops)
                .setExamples(now.stream().map(score -> EXAMPLES).toList())
                .setIntervals(now.stream().map(SampleStream::interval).toList())
                .setProven(now.stream().map(score -> view == View.TASK).toList())
                .build();
    }

    private static ScoreInterval interval(double score) {
        double half = 1.96 * Math.sqrt(score * (1 - score) / EXAMPLES);
        return new ScoreInterval(score - half, Math.min(1, score + half), "wilson");
    }

    private StoredFile store(int task, Mask mask) {
        List<TensorUpdate> updates = new ArrayList<>();
        for (int t = 0; t < space.tensorCount(); t++) {
            EligibleTensor tensor = space.tensor(t);
            int[] indices = mask.indices(t);
            updates.add(TensorUpdate.listed(
                    tensor.name(), Shape.of(tensor.rows(), tensor.columns()), indices, new float[indices.length]));
        }
        Path file = directory.resolve("%s-%d.safetensors".formatted(model, task));
        AdapterFile.write(
                file,
                new Adapter(
                        new AdapterMetadata(
                                digest("base"), VersionDigest.base(digest("base")), id(task), "lotto", run(task), "{}"),
                        updates,
                        List.of()));
        Blob blob = blobs.put("adapter.safetensors", file);
        return new StoredFile(blob.name(), blob.sha256(), blob.bytes());
    }

    private void log(Instant when, RegistryEvent event) {
        LoggedEvent entry = new LoggedEvent(model, ++sequence, null, when, event);
        lineage.apply(entry);
        tasks.apply(entry);
        books.lineageRevision.incrementAndGet();
    }

    private TaskEvent.Builder taskEvent(int task, Instant when) {
        return TaskEvent.newBuilder()
                .setModel(model.value())
                .setTask(TASKS.get(task))
                .setAt(when);
    }

    private TaskId id(int task) {
        return new TaskId(model, new TaskName(TASKS.get(task)));
    }

    private RunId run(int task) {
        return new RunId("run-" + digest("run" + task).hex().substring(0, 16));
    }

    private Sha256 digest(String text) {
        return Sha256.of((model + text).getBytes(StandardCharsets.UTF_8));
    }
}
