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
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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

    private final List<String> noted = new ArrayList<>();

    private static SortedMap<String, Object> setting(Object rate) {
        return setting(
                rate,
                new TaskFolder(
                        "a", HeadObjective.CLASSIFICATION, 2, Measure.by(MetricName.ACCURACY), List.of(), List.of()));
    }

    @Test
    void aResultFromWhenRegressionsWereLearntInUnitsOfTheirOwnIsAnother() {
        TaskFolder values =
                new TaskFolder("a", HeadObjective.REGRESSION, 1, Measure.by(MetricName.PEARSON), List.of(), List.of());
        assertThat(setting(0.001, values)).containsEntry("rules", List.of("regressions in standard units"));
        assertThat(setting(0.001)).doesNotContainKey("rules");
    }

    private static SortedMap<String, Object> setting(Object rate, TaskFolder task) {
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

    private static RunOutcome outcome(Map<String, Object> setting) {
        return new RunOutcome(
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
    }

    private ResultLog holding(Map<String, Object> setting) throws IOException {
        Path file = directory.resolve("results.jsonl");
        Files.writeString(file, new ObjectMapper().writeValueAsString(outcome(setting)) + "\n");
        return new ResultLog(file, noted::add);
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
        assertThat(noted)
                .containsExactly(directory.resolve("results.jsonl")
                        + ": 1 of its lines left out, each has a setting that this version does not know: line 1;"
                        + " what they stood for runs again where the plan asks for it");
    }

    @Test
    void linesThatAreNoResultAreCountedAndNamedAndLoseNoOther() throws IOException {
        Path file = directory.resolve("results.jsonl");
        String good = new ObjectMapper().writeValueAsString(outcome(setting(0.001)));
        String none = good.replace("\"union\":[[0.5]]", "\"union\":[[0.5],[0.5]]");
        Files.writeString(file, "no json\n" + good + "\n\n{}\n" + none + "\n{\"title\":\"caf");
        Files.write(file, new byte[] {(byte) 0xc3}, StandardOpenOption.APPEND);
        ResultLog log = new ResultLog(file, noted::add);
        assertThat(log.find(Job.key(setting(0.001)).hex())).isPresent();
        assertThat(noted).singleElement().asString().contains(": 4 of its lines left out", ": lines 1, 4, 5, 6;");

        SortedMap<String, Object> next = setting(0.002);
        log.add(outcome(next));
        noted.clear();
        assertThat(new ResultLog(file, noted::add).find(Job.key(next).hex())).isPresent();
        assertThat(noted).singleElement().asString().contains(": lines 1, 4, 5, 6;");
    }
}
