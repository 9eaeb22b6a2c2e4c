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
import io.tessellate.experiment.plan.Measured;
import io.tessellate.experiment.plan.MergePlan;
import io.tessellate.experiment.plan.TaskSource;
import io.tessellate.experiment.report.ExperimentReport;
import io.tessellate.experiment.report.StreamReport;
import io.tessellate.experiment.result.MaskOverlap;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.result.Tuned;
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
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs a plan: for every arm it tunes the learning rate, then the strength of a pull if it lists several, and where tasks are merged the scale
 * and the share that is kept, on held-out parts of
 * train; then runs every arm and stream, one seed after the other, and measures on eval. Rates are judged by the mean score right after
 * learning, the others by the mean score of the last model; a bracket whose edge wins is extended. Finished runs are kept, so a stopped
 * experiment goes on where it was.
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
        this.tasksOfPlan = plan.tasks().stream()
                .map(task -> task.read(plan, model.config(), generator))
                .toList();
        Map<String, TaskFolder> tasks =
                tasksOfPlan.stream().collect(Collectors.toMap(TaskFolder::name, Function.identity()));
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

    /**
     * Runs what is missing, seed by seed, writes {@code report.md}, {@code results.csv} and {@code plots/} whenever every arm has run
     * with another seed, and gives the last report.
     */
    public String run() {
        List<TunedArm> arms = plan.arms().stream().map(this::tune).toList();
        String report = "";
        for (int seeds = 1; seeds <= plan.seeds().size(); seeds++) {
            for (TunedArm arm : arms) {
                for (Map.Entry<String, List<TaskFolder>> stream : streams.entrySet()) {
                    arm.add(stream.getKey(), outcome(arm, plan.seeds().get(seeds - 1), stream.getValue()));
                }
            }
            report = report(arms);
        }
        return report;
    }

    private RunOutcome outcome(TunedArm arm, long seed, List<TaskFolder> tasks) {
        return outcome(Job.of(plan, arm.arm(), arm.choice(), "report", seed, of(seed, tasks), tasksOfPlan));
    }

    private String report(List<TunedArm> arms) {
        ExperimentReport report = new ExperimentReport(
                streams.entrySet().stream()
                        .map(stream -> new StreamReport(
                                stream.getKey(),
                                plan.shuffles() ? places(stream.getValue()) : names(stream.getValue()),
                                arms.stream()
                                        .map(arm -> arm.result(plan, stream.getKey()))
                                        .toList(),
                                streams.size() > 1))
                        .toList(),
                overlaps(arms),
                plan.seeds().size(),
                plan.margin());
        report.write(directory, listener::noted);
        return report.markdown();
    }

    private List<MaskOverlap> overlaps(List<TunedArm> arms) {
        if (!plan.measures().contains(Measured.OVERLAP)) {
            return List.of();
        }
        KeptMasks kept =
                new KeptMasks(directory.resolve("single"), model.layout().eligible());
        String stream = streams.keySet().iterator().next();
        return arms.stream()
                .map(arm -> arm.result(plan, stream))
                .flatMap(arm -> kept.of(arm.name(), arm.outcomes()).stream())
                .toList();
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

    /** Where every seed has an order of its own, a column is a place in it. */
    private static List<String> places(List<TaskFolder> tasks) {
        return IntStream.rangeClosed(1, tasks.size())
                .mapToObj("place %d"::formatted)
                .toList();
    }

    private static List<String> names(List<TaskFolder> tasks) {
        return tasks.stream().map(TaskFolder::name).toList();
    }

    private TunedArm tune(Arm arm) {
        List<Tuned> tuned = new ArrayList<>();
        Choice choice = arm.firstChoice();
        if (arm.learningRates().size() > 1) {
            Choice first = choice;
            Tuned rates = tuner("lr", value -> trials(arm, first.at(value), RunOutcome::learntScores))
                    .best(arm.learningRates());
            tuned.add(rates);
            choice = choice.at(rates.winner());
        }
        if (arm.strengths().size() > 1) {
            Choice rated = choice;
            Tuned strengths = tuner("strength", value -> trials(arm, rated.pulledBy(value), RunOutcome::finalScores))
                    .best(arm.strengths());
            tuned.add(strengths);
            choice = choice.pulledBy(strengths.winner());
        }
        MergePlan merge = arm.merge();
        return new TunedArm(arm, merge == null ? choice : merged(arm, merge, choice, tuned), tuned);
    }

    /** Scales are tuned for every share that is kept, each by itself: a search in two dimensions. */
    private Choice merged(Arm arm, MergePlan merge, Choice choice, List<Tuned> tuned) {
        if (merge.scales().size() == 1 && merge.keeps().size() <= 1) {
            return choice;
        }
        if (merge.scales().size() == 1) {
            Tuned keeps = tuner(
                            "keep", value -> trials(arm, choice.merged(choice.scale(), value), RunOutcome::finalScores))
                    .among(merge.keeps());
            tuned.add(keeps);
            return choice.merged(choice.scale(), keeps.winner());
        }
        Choice best = choice;
        double most = Double.NEGATIVE_INFINITY;
        for (Double keep : merge.keeps().isEmpty() ? Collections.singletonList((Double) null) : merge.keeps()) {
            Tuner tuner = tuner(
                    keep == null ? "scale" : "scale at keep " + keep,
                    value -> trials(arm, choice.merged(value, keep), RunOutcome::finalScores));
            Tuned scales = tuner.best(merge.scales());
            tuned.add(scales);
            if (tuner.bestMean() > most) {
                most = tuner.bestMean();
                best = choice.merged(scales.winner(), keep);
            }
        }
        return best;
    }

    private Tuner tuner(String what, DoubleFunction<List<Double>> trial) {
        return new Tuner(what, trial, () -> work.more(plan.tuningSeeds().size(), plan.tuningTasks()));
    }

    private List<Double> trials(Arm arm, Choice choice, Function<RunOutcome, List<Double>> scores) {
        List<TaskFolder> listed = streams.values().iterator().next().stream()
                .limit(plan.tuningTasks())
                .toList();
        List<Double> all = new ArrayList<>();
        for (long seed : plan.tuningSeeds()) {
            List<TaskFolder> heldOut = sampled(seed, listed).stream()
                    .map(task -> task.heldOut(plan.validationShare()))
                    .toList();
            all.addAll(scores.apply(outcome(Job.of(plan, arm, choice, "tune", seed, heldOut, tasksOfPlan))));
        }
        return all;
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
                "%s: ACC %.3f, learnt %.3f, F %.3f, %.0f s",
                job.title(),
                outcome.unionMetrics().averageAccuracy(),
                outcome.learnt(),
                outcome.unionMetrics().forgetting().orElse(0),
                outcome.seconds()));
        return outcome;
    }
}
