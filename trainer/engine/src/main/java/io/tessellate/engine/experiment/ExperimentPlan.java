package io.tessellate.engine.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an experiment compares.
 *
 * @param model folder of the base model
 * @param tasks folders of the tasks, in the order of the stream
 * @param trainExamples at most so many train examples per task, a seeded sample
 * @param evalExamples at most so many eval examples per task
 * @param validationShare share of the train sample that tuning measures on
 * @param tuningTasks tuning runs the first so many tasks of the stream
 * @param tuningSeed seed of the tuning runs
 * @param seeds seeds of the reported runs
 * @param recipe recipe fields that all arms share
 * @param arms what is compared
 */
public record ExperimentPlan(
        Path model,
        List<Path> tasks,
        int trainExamples,
        int evalExamples,
        double validationShare,
        int tuningTasks,
        long tuningSeed,
        List<Long> seeds,
        Map<String, Object> recipe,
        List<Arm> arms) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** Copies the collections. */
    public ExperimentPlan {
        tasks = List.copyOf(tasks);
        seeds = List.copyOf(seeds);
        recipe = Map.copyOf(recipe);
        arms = List.copyOf(arms);
    }

    /** Reads a plan from a JSON file with these fields; paths in it are relative to the file. */
    public static ExperimentPlan read(Path file) {
        try {
            ExperimentPlan plan = JSON.readValue(Files.readString(file), ExperimentPlan.class);
            Path folder = file.toAbsolutePath().getParent();
            return new ExperimentPlan(
                    resolve(folder, plan.model),
                    plan.tasks.stream().map(task -> resolve(folder, task)).toList(),
                    plan.trainExamples,
                    plan.evalExamples,
                    plan.validationShare,
                    plan.tuningTasks,
                    plan.tuningSeed,
                    plan.seeds,
                    plan.recipe,
                    plan.arms);
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION, "experiment %s: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "experiment %s cannot be read".formatted(file), e);
        }
    }

    private static Path resolve(Path folder, Path path) {
        return folder.resolve(path).normalize();
    }
}
