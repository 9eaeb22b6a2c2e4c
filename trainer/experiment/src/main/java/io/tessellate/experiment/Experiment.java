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
import io.tessellate.experiment.report.Coverage;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.experiment.task.TaskGenerator;
import io.tessellate.text.NumberText;
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
import java.util.stream.Collectors;

/**
 * Runs a plan: tunes every arm on held-out parts of train, then runs every arm and stream, one seed after the other, and measures on eval.
 * Finished runs are kept, so a stopped experiment goes on where it was, and what is there can be reported at any time.
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
    private final List<TaskFolder> tasksOfPlan;
    private final Map<String, List<TaskFolder>> streams = new LinkedHashMap<>();
    private final WorkList work;
    private final Reporting reporting;

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
        this.results = new ResultLog(directory.resolve("results.jsonl"), listener::noted);
        this.model = BaseModel.load(
                Optional.ofNullable(plan.model()).orElseGet(() -> generator.model(made(directory.resolve("base")))));
        TokenizerCheck.run(model);
        this.tasksOfPlan = plan.tasks().stream()
                .map(task -> task.read(plan, model.config(), generator))
                .toList();
        Map<String, TaskFolder> tasks =
                tasksOfPlan.stream().collect(Collectors.toMap(TaskFolder::name, Function.identity()));
        plan.streams()
                .forEach((name, stream) ->
                        streams.put(name, stream.stream().map(tasks::get).toList()));
        this.work = WorkList.of(plan, listener::worked);
        this.reporting = new Reporting(plan, model, streams, directory, listener::noted);
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, directory + " cannot be made", e);
        }
    }

    /**
     * Runs what is missing, seed by seed, writes {@code report.md}, {@code results.csv} and {@code plots/} whenever every arm has run
     * with another seed, and gives the last report.
     */
    public String run() {
        List<TunedArm> arms = plan.arms().stream()
                .map(arm -> tuning(arm, this::outcome).run())
                .toList();
        String report = "";
        for (int seeds = 1; seeds <= plan.seeds().size(); seeds++) {
            long seed = plan.seeds().get(seeds - 1);
            for (TunedArm arm : arms) {
                jobs(arm, seed).forEach((stream, job) -> arm.add(stream, outcome(job)));
            }
            report = reporting.write(arms, Coverage.ofFirst(seeds, plan.seeds()));
        }
        return report;
    }

    /**
     * Runs nothing: writes the report of the seeds of which every arm has run, says what else the plan asks for, and gives the text. While
     * an arm is not tuned nobody knows which runs are its own, so no seed is whole.
     */
    public String report() {
        List<TunedArm> arms = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Arm arm : plan.arms()) {
            try {
                arms.add(tuning(arm, this::kept).run());
            } catch (TessellateException e) {
                if (e.code() != ErrorCode.NOT_MEASURED) {
                    throw e;
                }
                missing.add("every run of %s, for its tuning is not done: %s".formatted(arm.name(), e.getMessage()));
            }
        }
        List<Long> whole = new ArrayList<>();
        for (long seed : missing.isEmpty() ? plan.seeds() : List.<Long>of()) {
            Optional<String> lacking = take(seed, arms);
            lacking.ifPresentOrElse(missing::add, () -> whole.add(seed));
        }
        return reporting.write(arms, new Coverage(plan.seeds(), whole, missing));
    }

    /** Gives all arms what they came to with a seed if each has run with it; else none of them, and what is missing. */
    private Optional<String> take(long seed, List<TunedArm> arms) {
        List<String> lacking = new ArrayList<>();
        List<Runnable> found = new ArrayList<>();
        for (TunedArm arm : arms) {
            jobs(arm, seed)
                    .forEach((stream, job) -> results.find(key(job))
                            .ifPresentOrElse(
                                    outcome -> found.add(() -> arm.add(stream, outcome)),
                                    () -> lacking.add(
                                            streams.size() > 1
                                                    ? "%s on stream %s"
                                                            .formatted(arm.arm().name(), stream)
                                                    : arm.arm().name())));
        }
        if (lacking.isEmpty()) {
            found.forEach(Runnable::run);
            return Optional.empty();
        }
        int all = lacking.size() + found.size();
        return Optional.of(
                found.isEmpty()
                        ? "seed %d: all %d runs".formatted(seed, all)
                        : "seed %d: %d of %d runs: %s"
                                .formatted(seed, lacking.size(), all, String.join("; ", lacking)));
    }

    private Map<String, Job> jobs(TunedArm arm, long seed) {
        Map<String, Job> jobs = new LinkedHashMap<>();
        streams.forEach((name, tasks) ->
                jobs.put(name, Job.of(plan, arm.arm(), arm.choice(), "report", seed, of(seed, tasks), tasksOfPlan)));
        return jobs;
    }

    /** A seed's own samples, in its own order, if the plan asks for that. */
    private List<TaskFolder> of(long seed, List<TaskFolder> tasks) {
        if (!plan.resample()) {
            return tasks;
        }
        List<TaskFolder> own = new ArrayList<>(sampled(seed, tasks));
        if (plan.shuffles()) {
            Collections.shuffle(own, new Seeds(seed).of("order"));
        }
        return List.copyOf(own);
    }

    private List<TaskFolder> sampled(long seed, List<TaskFolder> tasks) {
        if (!plan.resample()) {
            return tasks;
        }
        long sample = new Seeds(seed).of("sample").nextLong();
        return tasks.stream()
                .map(task -> source(task).read(plan, model.config(), generator, sample))
                .toList();
    }

    private TaskSource source(TaskFolder task) {
        return plan.tasks().stream()
                .filter(one -> one.title().equals(task.name()))
                .findFirst()
                .orElseThrow();
    }

    private ArmTuning tuning(Arm arm, Function<Job, RunOutcome> outcomes) {
        return new ArmTuning(
                arm,
                plan.tuningMean(),
                (tuned, choice) -> plan.tuningSeeds().stream()
                        .map(seed -> outcomes.apply(trial(tuned, choice, seed)))
                        .toList(),
                () -> work.more(plan.tuningSeeds().size(), plan.tuningTasks()));
    }

    private Job trial(Arm arm, Choice choice, long seed) {
        List<TaskFolder> listed = streams.values().iterator().next().stream()
                .limit(plan.tuningTasks())
                .toList();
        List<TaskFolder> heldOut = sampled(seed, listed).stream()
                .map(task -> task.heldOut(plan.validationShare()))
                .toList();
        return Job.of(plan, arm, choice, "tune", seed, heldOut, tasksOfPlan);
    }

    private String key(Job job) {
        return Job.key(job.setting(model.digest(), backend.name())).hex();
    }

    private RunOutcome kept(Job job) {
        return results.find(key(job))
                .orElseThrow(
                        () -> new TessellateException(ErrorCode.NOT_MEASURED, "%s has not run".formatted(job.title())));
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
        JobRun run = new JobRun(job, model, backend, directory, listener::noted);
        var parts = run.results();
        RunOutcome outcome = RunOutcome.of(job, key, setting, parts, run.extras(), (clock.millis() - start) / 1000.0);
        results.add(outcome);
        listener.noted(String.format(
                Locale.ROOT,
                "%s: ACC %s, learnt %s, F %s, %.0f s",
                job.title(),
                NumberText.fixed(outcome.unionMetrics().averageAccuracy(), 3),
                NumberText.fixed(outcome.learnt(), 3),
                NumberText.fixed(outcome.unionMetrics().forgetting().orElse(0), 3),
                outcome.seconds()));
        return outcome;
    }
}
