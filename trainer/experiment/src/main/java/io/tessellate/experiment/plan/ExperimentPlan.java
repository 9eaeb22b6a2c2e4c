package io.tessellate.experiment.plan;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment compares.
 *
 * @param model folder of the base model; null: the generator's
 * @param tasks where the tasks come from
 * @param streams orders of tasks by name, each a list of the tasks' names; if none is given, all tasks as they are listed
 * @param trainExamples at most so many train examples per task, a seeded sample
 * @param evalExamples at most so many eval examples per task
 * @param validationShare share of the train sample that tuning measures on
 * @param tuningTasks tuning runs the first so many tasks of the first stream
 * @param tuningSeeds seeds of the tuning runs
 * @param tuningMean of what tuning tasks and seeds come to, by which trials are compared
 * @param seeds seeds of the reported runs
 * @param recipe recipe fields that all arms share
 * @param arms what is compared
 * @param metrics what tasks are measured by, by their names, where not by what {@code meta.json} says first
 * @param resample whether every seed has samples of the train splits of its own, and where no orders are given an order of the tasks
 * @param measures what is measured beside the scores
 * @param margin arms that are less apart count as equally good
 */
public record ExperimentPlan(
        @Nullable Path model,
        List<TaskSource> tasks,
        Map<String, List<String>> streams,
        int trainExamples,
        int evalExamples,
        double validationShare,
        int tuningTasks,
        List<Long> tuningSeeds,
        TuningMean tuningMean,
        List<Long> seeds,
        Map<String, Object> recipe,
        List<Arm> arms,
        Map<String, String> metrics,
        boolean resample,
        Set<Measured> measures,
        double margin) {
    private static final String ONLY_STREAM = "all";

    /** Copies the collections, and refuses names that are there twice or that no task has. */
    public ExperimentPlan {
        tasks = List.copyOf(tasks);
        seeds = List.copyOf(seeds);
        tuningSeeds = List.copyOf(tuningSeeds);
        measures = measures.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(measures));
        recipe = Map.copyOf(recipe);
        arms = List.copyOf(arms);
        metrics = Map.copyOf(metrics);
        List<String> titles = tasks.stream().map(TaskSource::title).toList();
        requireDistinct("task", titles);
        requireDistinct("arm", arms.stream().map(Arm::name).toList());
        streams = Collections.unmodifiableMap(
                streams.isEmpty() ? Map.of(ONLY_STREAM, titles) : new LinkedHashMap<>(streams));
        streams.forEach((name, stream) -> requireKnown(name, stream, titles));
        if (seeds.isEmpty() || tuningSeeds.isEmpty() || arms.isEmpty() || tasks.isEmpty()) {
            throw new IllegalArgumentException("a plan needs at least one task, one seed, one tuning seed and one arm");
        }
        if (!(margin > 0)) {
            throw new IllegalArgumentException("field 'margin' must be greater than 0, not " + margin);
        }
    }

    private static void requireDistinct(String what, List<String> names) {
        Set<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException("%s '%s' is there more than once".formatted(what, name));
        });
    }

    private static void requireKnown(String name, List<String> stream, List<String> titles) {
        requireDistinct("stream '%s': task".formatted(name), stream);
        if (stream.isEmpty() || !titles.containsAll(stream)) {
            throw new IllegalArgumentException(
                    "stream '%s' must be a list of the tasks %s, not %s".formatted(name, titles, stream));
        }
    }

    /**
     * Reads a plan from a YAML or JSON file with these fields; paths in it are relative to the file. {@code model} may be
     * {@code generated}. A task is a path or a map of {@link TaskSource}'s fields. An arm may leave out its protocol
     * (sequence), what its first task differs in, and its recipe; its {@code sweep}, lists of values by recipe field or by
     * {@code merge.FIELD}, makes an arm of every combination.
     */
    public static ExperimentPlan read(Path file) {
        return PlanFile.read(file);
    }

    /** The same plan with paths relative to a folder. */
    ExperimentPlan in(Path folder) {
        return new ExperimentPlan(
                model == null ? null : folder.resolve(model).normalize(),
                tasks.stream().map(task -> task.in(folder)).toList(),
                streams,
                trainExamples,
                evalExamples,
                validationShare,
                tuningTasks,
                tuningSeeds,
                tuningMean,
                seeds,
                recipe,
                arms,
                metrics,
                resample,
                measures,
                margin);
    }

    /** Whether every seed has an order of the tasks of its own. */
    public boolean shuffles() {
        return resample && streams.keySet().equals(Set.of(ONLY_STREAM));
    }

    /** Every recipe it comes to is made once, so that a mistake in a late arm shows at once; INVALID_RECIPE. */
    public void requireRecipes() {
        for (Arm arm : arms) {
            try {
                arm.recipe(recipe, arm.firstChoice(), tuningSeeds.get(0), 0);
                arm.recipe(recipe, arm.firstChoice(), tuningSeeds.get(0), 1);
            } catch (TessellateException e) {
                throw new TessellateException(
                        ErrorCode.INVALID_RECIPE, "arm '%s': %s".formatted(arm.name(), e.getMessage()), e);
            }
        }
    }
}
