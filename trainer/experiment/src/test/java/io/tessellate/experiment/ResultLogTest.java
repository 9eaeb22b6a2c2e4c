package io.tessellate.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.manifest.MetricName;
import io.tessellate.engine.metric.Measure;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.experiment.plan.Job;
import io.tessellate.experiment.plan.Protocol;
import io.tessellate.experiment.result.RunOutcome;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultLogTest {
    @TempDir
    private Path directory;

    private static SortedMap<String, Object> setting(Object rate) {
        TaskFolder task = new TaskFolder(
                "a", HeadObjective.CLASSIFICATION, 2, Measure.by(MetricName.ACCURACY), List.of(), List.of());
        Recipe recipe = Recipe.of(Map.of("method", "random", "learningRate", rate));
        return new Job(
                        "title",
                        List.of(task),
                        Protocol.SEQUENCE,
                        List.of(recipe),
                        null,
                        false,
                        null,
                        Set.of(),
                        List.of())
                .setting(Sha256.of(new byte[0]), "host");
    }

    private ResultLog holding(Map<String, Object> setting) throws IOException {
        RunOutcome outcome = new RunOutcome(
                "a key of another time",
                "title",
                setting,
                List.of(List.of(0.5)),
                List.of(List.of(0.5)),
                true,
                List.of(1L),
                List.of(),
                List.of(),
                1,
                List.of(),
                List.of(),
                List.of());
        Path file = directory.resolve("results.jsonl");
        Files.writeString(file, new ObjectMapper().writeValueAsString(outcome) + "\n");
        return new ResultLog(file);
    }

    private static Map<String, Object> withRecipe(SortedMap<String, Object> setting, Map<String, Object> recipe) {
        Map<String, Object> changed = new TreeMap<>(setting);
        changed.put("recipes", List.of(recipe));
        return changed;
    }

    /** Results were once kept with every field of their recipes, and a field that comes later is in none of them. */
    @Test
    void aResultIsFoundThoughItsRecipeWasWrittenWithOtherFieldsThanNow() throws IOException {
        String key = Job.key(setting(0.001)).hex();
        Recipe recipe = Recipe.of(Map.of("method", "random", "learningRate", 0.001));
        assertThat(holding(withRecipe(setting(0.001), recipe.fields())).find(key))
                .isPresent();
        Map<String, Object> earlier = new TreeMap<>(recipe.fields());
        earlier.keySet().removeAll(List.of("precision", "recompute", "raceBudget"));
        assertThat(holding(withRecipe(setting(0.001), earlier)).find(key)).isPresent();
        earlier.put("density", 0.2);
        assertThat(holding(withRecipe(setting(0.001), earlier)).find(key)).isEmpty();
    }

    @Test
    void aResultOfARaceIsFoundOnlyIfTheRaceWentByTheRulesOfNow() throws IOException {
        SortedMap<String, Object> setting = setting("auto");
        String key = Job.key(setting).hex();
        assertThat(holding(setting).find(key)).isPresent();
        Map<String, Object> before = new TreeMap<>(setting);
        before.remove("race");
        assertThat(holding(before).find(key)).isEmpty();
        before.put("race", 1);
        assertThat(holding(before).find(key)).isEmpty();
        assertThat(setting(0.001)).doesNotContainKey("race");
    }

    @Test
    void aResultWhoseRecipeIsNoneAnyMoreIsAsGoodAsNotThere() throws IOException {
        Map<String, Object> gone = withRecipe(setting(0.001), Map.of("method", "of the past"));
        assertThat(holding(gone).find(Job.key(setting(0.001)).hex())).isEmpty();
    }
}
