package io.tessellate.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.experiment.plan.Arm;
import io.tessellate.experiment.plan.ExperimentPlan;
import io.tessellate.method.MethodName;
import io.tessellate.method.Trait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A table stays what its plan says when a default changes: plans name every field that does something. */
class PublishedPlansTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Values by which a field does nothing: written down here, so that a default that begins to do something shows. */
    private static final Map<String, Object> WITHOUT_EFFECT = Map.ofEntries(
            Map.entry("attentionDropout", 0.0),
            Map.entry("avoid", "none"),
            Map.entry("calibrationEpochs", 0.0),
            Map.entry("clipTensorNorm", 0.0),
            Map.entry("distillShare", 0.0),
            Map.entry("dropout", 0.0),
            Map.entry("elasticity", 0.0),
            Map.entry("exhaustion", "reject"),
            Map.entry("holdShare", 0.0),
            Map.entry("maskFrom", ""),
            Map.entry("maskScope", "global"),
            Map.entry("microBatch", 0),
            Map.entry("packing", false),
            Map.entry("parallel", false),
            Map.entry("features", "token_and_mean"),
            Map.entry("precision", "fp32"),
            Map.entry("rampShare", 0.0),
            Map.entry("recompute", false),
            Map.entry("refreshes", 0),
            Map.entry("sharedMask", false),
            Map.entry("stopShare", 0.0),
            Map.entry("targets", "all"),
            Map.entry("ticketDensity", 0.0),
            Map.entry("values", "fp32"),
            Map.entry("warmupShare", 0.0),
            Map.entry("warmupSteps", 0),
            Map.entry("weightDecay", 0.0));

    /** Fields that only mean something beside another that is not without effect. */
    private static final Map<String, String> PART_OF = Map.of(
            "avoidShare", "avoid",
            "stopPatience", "stopShare");

    private static final Set<String> OF_REPLAY = Set.of("replayMemory", "replayTargets", "replaySchedule");
    private static final Set<String> OF_FACTORS = Set.of("rank", "alpha");

    static Stream<Path> plans() throws IOException {
        Stream<Path> experiments = Files.list(Path.of("../../docs/experiments"))
                .filter(file -> file.toString().endsWith(".yaml"));
        return Stream.concat(experiments, Stream.of(Path.of("../../docs/results/forgetting.json")))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("plans")
    void aPlanNamesEveryFieldThatItsTablesRelyOn(Path file) throws IOException {
        ExperimentPlan plan = ExperimentPlan.read(file);
        for (Arm arm : plan.arms()) {
            Map<String, Object> named = new HashMap<>(plan.recipe());
            named.putAll(arm.recipe());
            assertThat(unnamed(
                            named, arm.recipe(plan.recipe(), arm.firstChoice().at(0.001), 1)))
                    .as(arm.name())
                    .isEmpty();
            named.putAll(arm.first());
            assertThat(unnamed(
                            named, arm.recipe(plan.recipe(), arm.firstChoice().at(0.001), 1, 0)))
                    .as("first task of %s", arm.name())
                    .isEmpty();
        }
    }

    private static Set<String> unnamed(Map<String, Object> named, Recipe recipe) throws IOException {
        Map<String, Object> complete = JSON.readValue(recipe.json(), new TypeReference<>() {});
        Set<String> unnamed = new TreeSet<>(complete.keySet());
        unnamed.removeAll(named.keySet());
        unnamed.removeAll(Set.of("learningRate", "seed"));
        unnamed.removeIf(field -> hasNoEffect(field, complete));
        return unnamed;
    }

    private static boolean hasNoEffect(String field, Map<String, Object> complete) {
        MethodName method = MethodName.parse((String) complete.get("method"));
        if (PART_OF.containsKey(field)) {
            return hasNoEffect(PART_OF.get(field), complete);
        }
        if (OF_REPLAY.contains(field)) {
            return ((Number) complete.get("replayShare")).doubleValue() == 0;
        }
        if (OF_FACTORS.contains(field)) {
            return !method.has(Trait.LOW_RANK);
        }
        if (field.equals("density")) {
            return method.claim().overwrites();
        }
        Object idle = WITHOUT_EFFECT.get(field);
        return idle != null && idle.equals(complete.get(field));
    }
}
