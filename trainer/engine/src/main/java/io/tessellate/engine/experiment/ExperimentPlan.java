package io.tessellate.engine.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
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
 * @param metrics what tasks are measured by, by their folders' names, where not by what {@code meta.json} says first
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
        List<Arm> arms,
        Map<String, String> metrics) {
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    /** Copies the collections. */
    public ExperimentPlan {
        tasks = List.copyOf(tasks);
        seeds = List.copyOf(seeds);
        recipe = Map.copyOf(recipe);
        arms = List.copyOf(arms);
        metrics = Map.copyOf(metrics);
    }

    /**
     * Reads a plan from a YAML or JSON file with these fields; paths in it are relative to the file. An arm may leave out
     * its protocol (sequence) and what its first task differs in, the plan its {@code metrics}.
     */
    public static ExperimentPlan read(Path file) {
        try {
            JsonNode tree = YAML.readTree(Files.readString(file));
            tree.path("arms").forEach(ExperimentPlan::fillIn);
            if (tree instanceof ObjectNode fields) {
                fields.putIfAbsent("metrics", YAML.createObjectNode());
            }
            ExperimentPlan plan = YAML.treeToValue(tree, ExperimentPlan.class);
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
                    plan.arms,
                    plan.metrics);
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION, "experiment %s: %s".formatted(file, e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "experiment %s cannot be read".formatted(file), e);
        }
    }

    private static void fillIn(JsonNode arm) {
        if (arm instanceof ObjectNode fields) {
            fields.putIfAbsent("protocol", TextNode.valueOf("sequence"));
            fields.putIfAbsent("first", YAML.createObjectNode());
            fields.putIfAbsent("recipe", YAML.createObjectNode());
        }
    }

    private static Path resolve(Path folder, Path path) {
        return folder.resolve(path).normalize();
    }
}
