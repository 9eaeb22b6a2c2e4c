package io.tessellate.experiment;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.recipe.Seeds;
import io.tessellate.engine.tokenizer.TokenizerCheck;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.experiment.plan.Arm;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.experiment.plan.Job;
import io.tessellate.experiment.plan.Job.Choice;
import io.tessellate.experiment.plan.TaskSource;
import io.tessellate.experiment.report.ExperimentReport;
import io.tessellate.experiment.report.StreamReport;
import io.tessellate.experiment.result.ArmResult;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.experiment.task.TaskGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs a plan: for every arm it tunes the learning rate, and where tasks are merged then the scale, on a held-out part of
 * train; then runs every stream with every seed and measures on eval. Rates are judged by the mean score right after
 * learning, scales by the mean score of the merged model. Finished runs are kept, so a stopped experiment goes on where it
 * was.
 */
public final class Experiment {
    private final ExperimentPlan plan;
    private final TaskGenerator generator;
    private final Backend backend;
    private final Path directory;
    private final Clock clock;
    private final ExperimentListener listener;
    private final ResultLog results;
    private final BaseModel model;
    private final Map<String, List<TaskFolder>> streams = new LinkedHashMap<>();
    private final WorkList work;

    /**
     * An experiment whose results go to a directory; INVALID_RECIPE if an arm's recipe is none.
     *
     * @param generator makes what the plan does not read
     */
    public Experiment(
            ExperimentPlan plan,
            Backend backend,
            Path directory,
            Clock clock,
            TaskGenerator generator,
            ExperimentListener listener) {
        plan.requireRecipes();
        this.plan = plan;
        this.generator = generator;
        this.backend = backend;
        this.directory = directory;
        this.clock = clock;
        this.listener = listener;
        this.results = new ResultLog(directory.resolve("results.jsonl"));
        this.model = BaseModel.load(
                Optional.ofNullable(plan.model()).orElseGet(() -> generator.model(made(directory.resolve("base")))));
        TokenizerCheck.run(model);
        Map<String, TaskFolder> tasks = plan.tasks().stream()
                .map(task -> task.read(plan, model.config(), generator))
                .collect(Collectors.toMap(TaskFolder::name, Function.identity()));
        plan.streams()
                .forEach((name, stream) ->
                        streams.put(name, stream.stream().map(tasks::get).toList()));
        this.work = WorkList.of(plan, listener::worked);
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, directory + " cannot be made", e);
        }
    }

    /** Runs what is missing, writes {@code report.md}, {@code results.csv} and {@code plots/}, and gives the report. */
    public String run() {
        Map<String, List<ArmResult>> byStream = new LinkedHashMap<>();
        for (Arm arm : plan.arms()) {
            Choice choice = tune(arm);
            streams.forEach((name, tasks) -> {
                List<RunOutcome> outcomes = plan.seeds().stream()
                        .map(seed -> outcome(Job.of(plan, arm, choice, "report", seed, of(seed, tasks))))
                        .toList();
                byStream.computeIfAbsent(name, stream -> new ArrayList<>())
                        .add(new ArmResult(arm, arm.recipe(plan.recipe(), choice.rate(), 0), choice.scale(), outcomes));
            });
        }
        ExperimentReport report = new ExperimentReport(byStream.entrySet().stream()
                .map(entry -> new StreamReport(
                        entry.getKey(),
                        plan.resample() ? places(streams.get(entry.getKey())) : names(streams.get(entry.getKey())),
                        entry.getValue(),
                        plan.streams().size() > 1))
                .toList());
        report.write(directory, listener::noted);
        return report.markdown();
    }

    /** A seed's own samples in its own order, if the plan asks for that. */
    private List<TaskFolder> of(long seed, List<TaskFolder> tasks) {
        if (!plan.resample()) {
            return tasks;
        }
        Seeds seeds = new Seeds(seed);
        long sample = seeds.of("sample").nextLong();
        List<TaskFolder> own = new ArrayList<>();
        for (TaskFolder task : tasks) {
            TaskSource source = plan.tasks().stream()
                    .filter(one -> one.title().equals(task.name()))
                    .findFirst()
                    .orElseThrow();
            own.add(source.read(plan, model.config(), generator, sample));
        }
        Collections.shuffle(own, seeds.of("order"));
        return List.copyOf(own);
    }

    /** Where every seed has an order of its own, a column is a place in it. */
    private static List<String> places(List<TaskFolder> tasks) {
        return IntStream.rangeClosed(1, tasks.size())
                .mapToObj("place %d"::formatted)
                .toList();
    }

    private static List<String> names(List<TaskFolder> tasks) {
        return tasks.stream().map(TaskFolder::name).toList();
    }

    private Choice tune(Arm arm) {
        List<TaskFolder> heldOut = streams.values().iterator().next().stream()
                .limit(plan.tuningTasks())
                .map(task -> task.heldOut(plan.validationShare()))
                .toList();
        double first = arm.merge() == null ? 1 : arm.merge().scales().get(0);
        Double rate = arm.learningRates().isEmpty()
                ? null
                : (Double) best(
                        arm.learningRates(),
                        value -> trial(arm, new Choice(value, first), heldOut).learnt());
        double scale = arm.merge() == null
                ? 1
                : best(
                        arm.merge().scales(),
                        value -> trial(arm, new Choice(rate, value), heldOut)
                                .unionMetrics()
                                .averageAccuracy());
        return new Choice(rate, scale);
    }

    private RunOutcome trial(Arm arm, Choice choice, List<TaskFolder> heldOut) {
        return outcome(Job.of(plan, arm, choice, "tune", plan.tuningSeed(), heldOut));
    }

    /** The value of the highest score, of several the first; each is scored once, and a single one not at all. */
    private static double best(List<Double> values, ToDoubleFunction<Double> score) {
        if (values.size() == 1) {
            return values.get(0);
        }
        double[] scores = values.stream().mapToDouble(score).toArray();
        int best = IntStream.range(0, scores.length)
                .reduce((one, next) -> scores[next] > scores[one] ? next : one)
                .orElseThrow();
        return values.get(best);
    }

    private RunOutcome outcome(Job job) {
        SortedMap<String, Object> setting = job.setting(model.digest(), backend.name());
        String key = Job.key(setting).hex();
        RunOutcome outcome = results.find(key).orElseGet(() -> run(job, key, setting));
        work.done(outcome);
        return outcome;
    }

    private RunOutcome run(Job job, String key, SortedMap<String, Object> setting) {
        long start = clock.millis();
        var parts = new JobRun(job, model, backend, directory, listener::noted).results();
        RunOutcome outcome = RunOutcome.of(job, key, setting, parts, (clock.millis() - start) / 1000.0);
        results.add(outcome);
        listener.noted(String.format(
                Locale.ROOT,
                "%s: ACC %.3f, learnt %.3f, F %.3f, %.0f s",
                job.title(),
                outcome.unionMetrics().averageAccuracy(),
                outcome.learnt(),
                outcome.unionMetrics().forgetting().orElse(0),
                outcome.seconds()));
        return outcome;
    }
}
