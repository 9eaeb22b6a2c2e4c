package io.tessellate.engine.experiment;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.BaseModel;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.Weights;
import io.tessellate.engine.stream.SequentialRun;
import io.tessellate.engine.stream.StreamResult;
import io.tessellate.engine.stream.StreamTask;
import io.tessellate.engine.train.EncodedExample;
import io.tessellate.engine.train.Encoding;
import io.tessellate.engine.train.JointTraining;
import io.tessellate.engine.train.Recipe;
import io.tessellate.engine.train.Score;
import io.tessellate.engine.train.TaskData;
import io.tessellate.engine.train.TaskScorer;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs a plan: for every arm it tunes the learning rate on a held-out part of train, by the mean score right after
 * learning, then runs every seed at that rate and measures on eval. Finished runs are kept, so a stopped experiment goes
 * on where it was.
 */
public final class Experiment {
    private final ExperimentPlan plan;
    private final Backend backend;
    private final Path directory;
    private final Clock clock;
    private final Consumer<String> progress;
    private final ResultLog results;
    private final BaseModel model;
    private final Sha256 base;
    private final List<TaskFolder> tasks;

    /**
     * An experiment whose results go to a directory.
     *
     * @param progress takes a line whenever something was done
     */
    public Experiment(ExperimentPlan plan, Backend backend, Path directory, Clock clock, Consumer<String> progress) {
        this.plan = plan;
        this.backend = backend;
        this.directory = directory;
        this.clock = clock;
        this.progress = progress;
        this.results = new ResultLog(directory.resolve("results.jsonl"));
        this.model = BaseModel.load(plan.model());
        this.base = model.digest();
        this.tasks = plan.tasks().stream()
                .map(folder -> TaskFolder.read(folder, model.config(), plan))
                .toList();
    }

    /** Runs what is missing, writes {@code report.md}, {@code results.csv} and {@code plots/}, and gives the report. */
    public String run() {
        List<ArmResult> arms = new ArrayList<>();
        for (Arm arm : plan.arms()) {
            double rate = tune(arm);
            List<Outcome> outcomes = plan.seeds().stream()
                    .map(seed -> outcome(arm, "report", rate, seed, tasks))
                    .toList();
            arms.add(new ArmResult(arm, arm.recipe(plan.recipe(), rate, 0), outcomes));
        }
        Report report = new Report(tasks.stream().map(TaskFolder::name).toList(), arms);
        report.write(directory);
        return report.markdown();
    }

    private double tune(Arm arm) {
        if (arm.learningRates().size() == 1) {
            return arm.learningRates().get(0);
        }
        List<TaskFolder> heldOut = tasks.stream()
                .limit(plan.tuningTasks())
                .map(task -> task.heldOut(plan.validationShare()))
                .toList();
        return arm.learningRates().stream()
                .max(Comparator.comparingDouble(rate -> outcome(arm, "tune", rate, plan.tuningSeed(), heldOut)
                        .unionMetrics()
                        .learningAccuracy()))
                .orElseThrow();
    }

    private Outcome outcome(Arm arm, String purpose, double rate, long seed, List<TaskFolder> stream) {
        Recipe recipe = arm.recipe(plan.recipe(), rate, seed);
        String key = "%s %s %s %d/%d %s"
                .formatted(
                        purpose,
                        stream.stream().map(TaskFolder::name).toList(),
                        base.hex().substring(0, 12),
                        plan.trainExamples(),
                        plan.evalExamples(),
                        recipe.json() + arm.variant() + metrics());
        return results.find(key).orElseGet(() -> {
            Outcome outcome = run(new Job(
                    key,
                    "%s %s lr %s seed %d".formatted(arm.name(), purpose, rate, seed),
                    stream,
                    arm.protocol(),
                    task -> arm.recipe(plan.recipe(), rate, seed, task)));
            results.add(outcome);
            return outcome;
        });
    }

    private String metrics() {
        return plan.metrics().isEmpty() ? "" : " measured by " + new TreeMap<>(plan.metrics());
    }

    /**
     * One run that is not among the results yet.
     *
     * @param recipes the recipe of each task by its place in the stream
     */
    private record Job(
            String key, String title, List<TaskFolder> stream, Protocol protocol, IntFunction<Recipe> recipes) {}

    private Outcome run(Job job) {
        long start = clock.millis();
        List<StreamResult> results = switch (job.protocol()) {
            case SEQUENCE -> List.of(learn(job, 0, job.stream().size()));
            case SINGLE ->
                IntStream.range(0, job.stream().size())
                        .mapToObj(task -> learn(job, task, task + 1))
                        .toList();
            case JOINT -> jointly(job);
        };
        Outcome outcome = Outcome.of(job.key(), results, (clock.millis() - start) / 1000.0);
        progress.accept(String.format(
                Locale.ROOT,
                "%s: ACC %.3f, learnt %.3f, F %.3f, %.0f s",
                job.title(),
                outcome.unionMetrics().averageAccuracy(),
                outcome.unionMetrics().learningAccuracy(),
                outcome.unionMetrics().forgetting().orElse(0),
                outcome.seconds()));
        return outcome;
    }

    /** Every task's score by the one model that learnt them all, as if each had been learnt alone. */
    private List<StreamResult> jointly(Job job) {
        Recipe recipe = job.recipes().apply(job.stream().size() - 1);
        try (Encoding encoding = Encoding.of(model.tokenizerFile(), model.config(), recipe);
                Weights weights = model.weights(backend);
                TaskScorer scorer = new TaskScorer(backend, model)) {
            List<StreamTask> stream =
                    job.stream().stream().map(task -> encode(task, encoding)).toList();
            List<Head> heads;
            List<TaskData> data = stream.stream().map(StreamTask::data).toList();
            try (JointTraining training = new JointTraining(backend, model.config(), weights, data, recipe)) {
                heads = training.train();
            }
            return IntStream.range(0, stream.size())
                    .mapToObj(t -> result(scorer, weights, heads.get(t), stream.get(t)))
                    .toList();
        }
    }

    private StreamResult result(TaskScorer scorer, Weights weights, Head head, StreamTask task) {
        List<Score> score = List.of(scorer.score(weights, head, task.data().objective(), task.metric(), task.eval()));
        return new StreamResult(List.of(
                new StreamResult.Version(weights.digest(), weights.layout().size(), score, score)));
    }

    /** Learns some of the stream's tasks, from one place to before another, on a model that begins at the base. */
    private StreamResult learn(Job job, int from, int to) {
        try (SequentialRun run = new SequentialRun(backend, model, base, directory.resolve("run"))) {
            for (int t = from; t < to; t++) {
                Recipe recipe = job.recipes().apply(t);
                TaskFolder task = job.stream().get(t);
                try (Encoding encoding = Encoding.of(model.tokenizerFile(), model.config(), recipe)) {
                    run.learn(encode(task, encoding), recipe, step -> {});
                }
                progress.accept("%s: %s learnt, union %s"
                        .formatted(job.title(), task.name(), scores(run.result().unionScores())));
            }
            return run.result();
        }
    }

    private static String scores(List<List<Double>> rows) {
        Stream<Double> last = rows.get(rows.size() - 1).stream();
        return last.map(score -> String.format(Locale.ROOT, "%.3f", score))
                .toList()
                .toString();
    }

    private static StreamTask encode(TaskFolder task, Encoding encoding) {
        List<EncodedExample> train = encoding.encode(task.objective(), task.train());
        TaskId id = TaskId.of("experiment", task.name());
        return new StreamTask(
                new TaskData(id, task.objective(), task.labels(), train),
                task.metric(),
                encoding.encode(task.objective(), task.eval()));
    }
}
