package io.tessellate.experiment.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.TextFile;
import java.nio.file.Path;

/** Reads a plan from YAML or JSON: short forms are written out, sweeps become arms, and what is left out gets its default. */
final class PlanFile {
    /** What stands for the generator's base model. */
    private static final String GENERATED = "generated";

    /** What stands for the mask of a stream's first task. */
    private static final String FIRST = "first";

    /** A hundredth of a score: a point of accuracy. */
    private static final double USUAL_MARGIN = 0.01;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private PlanFile() {}

    /** INVALID_CONFIGURATION if it is no plan. */
    static ExperimentPlan read(Path file) {
        try {
            JsonNode tree = YAML.readTree(TextFile.read(file));
            if (tree instanceof ObjectNode plan) {
                writeOut(plan);
            }
            return YAML.treeToValue(tree, ExperimentPlan.class)
                    .in(file.toAbsolutePath().getParent());
        } catch (JsonProcessingException e) {
            throw invalid(file, PlanFault.of(e), e);
        } catch (IllegalArgumentException e) {
            throw invalid(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static TessellateException invalid(Path file, String why, Exception cause) {
        return new TessellateException(
                ErrorCode.INVALID_CONFIGURATION, "experiment %s: %s".formatted(file, why), cause);
    }

    private static void writeOut(ObjectNode plan) {
        if (plan.path("model").asText().equals(GENERATED)) {
            plan.set("model", NullNode.instance);
        }
        if (plan.get("tasks") instanceof ArrayNode tasks) {
            for (int t = 0; t < tasks.size(); t++) {
                tasks.set(t, task(tasks.get(t)));
            }
        }
        plan.putIfAbsent("streams", NODES.objectNode());
        plan.putIfAbsent("metrics", NODES.objectNode());
        plan.putIfAbsent("resample", NODES.booleanNode(true));
        plan.putIfAbsent("measures", NODES.arrayNode());
        plan.putIfAbsent("tuningMean", NODES.textNode("arithmetic"));
        plan.putIfAbsent("margin", NODES.numberNode(USUAL_MARGIN));
        JsonNode tuningSeed = plan.remove("tuningSeed");
        if (tuningSeed != null) {
            plan.set("tuningSeeds", NODES.arrayNode().add(tuningSeed));
        }
        ArrayNode arms = NODES.arrayNode();
        plan.path("arms").forEach(arm -> expand(arm, arms));
        if (plan.has("arms")) {
            plan.set("arms", arms);
        }
    }

    private static JsonNode task(JsonNode given) {
        ObjectNode task = given.isTextual() ? NODES.objectNode().set("path", given) : (ObjectNode) given;
        task.putIfAbsent("path", NullNode.instance);
        task.putIfAbsent("generated", NullNode.instance);
        task.putIfAbsent("name", NullNode.instance);
        task.putIfAbsent("labels", NODES.arrayNode());
        return task;
    }

    private static void expand(JsonNode given, ArrayNode arms) {
        if (!(given instanceof ObjectNode arm)) {
            throw new IllegalArgumentException("an arm must be a map of fields: " + given);
        }
        arm.putIfAbsent("protocol", NODES.textNode("sequence"));
        arm.putIfAbsent("first", NODES.objectNode());
        arm.putIfAbsent("recipe", NODES.objectNode());
        arm.putIfAbsent("learningRates", NODES.arrayNode());
        arm.putIfAbsent("strengths", NODES.arrayNode());
        arm.putIfAbsent("merge", NullNode.instance);
        arm.putIfAbsent("within", NullNode.instance);
        if (arm.path("within").asText().equals(FIRST)) {
            arm.set("within", NODES.objectNode().putNull("degree").putNull("mixing"));
        }
        arm.set("family", arm.get("name"));
        arm.set("swept", NODES.objectNode());
        if (arm.get("merge") instanceof ObjectNode merge) {
            merge.putIfAbsent("scales", NODES.arrayNode().add(1.0));
            JsonNode keep = merge.remove("keep");
            merge.putIfAbsent(
                    "keeps",
                    keep == null ? NODES.arrayNode() : NODES.arrayNode().add(keep));
            merge.putIfAbsent("trim", NullNode.instance);
            merge.putIfAbsent("disjoint", NODES.booleanNode(false));
        }
        JsonNode sweep = arm.remove("sweep");
        sweep(arm, sweep == null ? NODES.objectNode() : sweep, arms);
    }

    /** One arm for every combination of the values. */
    private static void sweep(ObjectNode arm, JsonNode sweep, ArrayNode arms) {
        if (sweep.isEmpty()) {
            arms.add(arm);
            return;
        }
        String field = sweep.fieldNames().next();
        ObjectNode others = ((ObjectNode) sweep).deepCopy();
        JsonNode values = others.remove(field);
        if (!values.isArray() || values.isEmpty()) {
            throw new IllegalArgumentException(
                    "sweep of '%s' must be a list of values, not %s".formatted(field, values));
        }
        for (JsonNode value : values) {
            sweep(with(arm.deepCopy(), field, value), others, arms);
        }
    }

    private static ObjectNode with(ObjectNode arm, String field, JsonNode value) {
        arm.put("name", "%s, %s %s".formatted(arm.path("name").asText(), field, value.asText()));
        ((ObjectNode) arm.get("swept")).set(field, value);
        if (field.equals("learningRate")) {
            arm.set("learningRates", NODES.arrayNode().add(value));
        } else if (field.startsWith("within.") && arm.get("within") instanceof ObjectNode within) {
            within.set(field.substring("within.".length()), value);
        } else if (field.startsWith("merge.") && arm.get("merge") instanceof ObjectNode merge) {
            String own = field.substring("merge.".length());
            boolean tuned = own.equals("scale") || own.equals("keep");
            merge.set(tuned ? own + "s" : own, tuned ? NODES.arrayNode().add(value) : value);
        } else {
            ((ObjectNode) arm.get("recipe")).set(field, value);
        }
        return arm;
    }
}
