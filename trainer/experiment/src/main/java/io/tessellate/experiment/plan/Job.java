package io.tessellate.experiment.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.engine.race.Race;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.experiment.task.TaskFolder;
import io.tessellate.id.Sha256;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.method.Trait;
import io.tessellate.recipe.RecipeField;
import io.tessellate.recipe.RecipeFields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of a plan.
 *
 * @param title what progress calls it
 * @param tasks in the stream's order
 * @param protocol in what way they are learnt
 * @param recipes the recipe of each task
 * @param merge how they are merged; null unless they are
 * @param disjoint whether tasks to be merged choose among weights that those before them left free
 * @param within the weights that tasks are given; null: each finds its own
 * @param measures what is measured beside the scores
 * @param known tasks whose data recipes name to calibrate masks on, whether they are learnt or not
 */
public record Job(
        String title,
        List<TaskFolder> tasks,
        Protocol protocol,
        List<Recipe> recipes,
        @Nullable MergeRecipe merge,
        boolean disjoint,
        @Nullable GivenMask within,
        Set<Measured> measures,
        List<TaskFolder> known) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    /**
     * A run of an arm.
     *
     * @param all every task of the plan, which recipes may name in {@code maskFrom}
     */
    public static Job of(
            ExperimentPlan plan,
            Arm arm,
            Choice choice,
            String purpose,
            long seed,
            List<TaskFolder> tasks,
            Collection<TaskFolder> all) {
        MergePlan merge = arm.merge();
        List<Recipe> recipes = IntStream.range(0, tasks.size())
                .mapToObj(task -> arm.recipe(plan.recipe(), choice, seed, task))
                .toList();
        return new Job(
                "%s %s lr %s%s%s seed %d"
                        .formatted(
                                arm.name(),
                                purpose,
                                choice.rate() == null ? RecipeField.AUTO : choice.rate(),
                                choice.strength() == null ? "" : " strength " + choice.strength(),
                                merge == null ? "" : " scale %s%s".formatted(choice.scale(), kept(choice)),
                                seed),
                tasks,
                arm.protocol(),
                recipes,
                merge == null ? null : merge.recipe(choice.scale(), choice.keep()),
                merge != null && merge.disjoint(),
                arm.within(),
                plan.measures(),
                named(recipes, tasks, all));
    }

    /** Those that recipes name; of a task of the stream its own sample. */
    private static List<TaskFolder> named(List<Recipe> recipes, List<TaskFolder> tasks, Collection<TaskFolder> all) {
        return recipes.stream()
                .map(recipe -> recipe.calibration().maskFrom())
                .distinct()
                .flatMap(name -> Stream.concat(tasks.stream(), all.stream())
                        .filter(task -> task.name().equals(name))
                        .limit(1))
                .toList();
    }

    /**
     * What a recipe's result follows from beside its fields: rules that were others before, so that what was kept by these is not taken for it.
     *
     * @param tasks that are learnt, rehearsed or looked at
     */
    public static List<String> rules(Recipe recipe, List<TaskFolder> tasks) {
        List<String> rules = new ArrayList<>();
        if (recipe.methodName().has(Trait.TRAINS_ON_TRIAL)
                && recipe.calibration().epochs() > 0
                && recipe.calibration().learningRate() == 0) {
            rules.add("calibrated at the rate of full fine-tuning");
        }
        if (recipe.transformation().share() > 0) {
            rules.add("transformed late in the ramp");
        }
        if (tasks.stream().anyMatch(task -> task.objective() == HeadObjective.REGRESSION)) {
            rules.add("regressions in standard units");
        }
        return rules;
    }

    private static String kept(Choice choice) {
        return choice.keep() == null ? "" : " keep " + choice.keep();
    }

    /**
     * What tuning chose.
     *
     * @param rate null: each task races for its own
     * @param scale of a merge; 1 where nothing is merged
     * @param strength of the pull to earlier values; null: the recipe's
     * @param keep share of its entries that a merged task keeps; null: the merge's own
     */
    public record Choice(
            @Nullable Double rate,
            double scale,
            @Nullable Double strength,
            @Nullable Double keep) {
        /** The same at another rate. */
        public Choice at(double other) {
            return new Choice(other, scale, strength, keep);
        }

        /** The same with another strength. */
        public Choice pulledBy(double other) {
            return new Choice(rate, scale, other, keep);
        }

        /** The same merged otherwise. */
        public Choice merged(double otherScale, @Nullable Double otherKeep) {
            return new Choice(rate, otherScale, strength, otherKeep);
        }
    }

    /**
     * Everything a result follows from; of recipes what their canonical text states, so that a field that comes later changes no
     * setting that does not use it. Of what is raced the rules too: a result by earlier ones is another.
     *
     * @param base digest of the base model
     */
    public SortedMap<String, Object> setting(Sha256 base, String backend) {
        SortedMap<String, Object> setting = new TreeMap<>();
        setting.put("base", base.hex());
        setting.put("backend", backend);
        setting.put("protocol", protocol.name());
        setting.put("tasks", tasks.stream().map(Job::described).toList());
        setting.put(
                "recipes",
                recipes.stream()
                        .map(recipe -> RecipeFields.stated(recipe.fields()))
                        .distinct()
                        .toList());
        if (recipes.stream().anyMatch(recipe -> !recipe.raced().isEmpty())) {
            setting.put("race", Race.RULES);
        }
        putSources(setting);
        setting.put(
                "recipeOf",
                recipes.stream()
                        .map(recipes.stream().distinct().toList()::indexOf)
                        .toList());
        if (merge != null) {
            setting.put("merge", merge.toString());
            setting.put("disjoint", disjoint);
        }
        if (within != null) {
            setting.put("within", within.toString());
        }
        if (!measures.isEmpty()) {
            setting.put(
                    "measures", measures.stream().map(Measured::name).sorted().toList());
        }
        return setting;
    }

    /** What results follow from beside recipes and tasks; nothing where there is nothing. */
    private void putSources(SortedMap<String, Object> setting) {
        List<String> rules = recipes.stream()
                .flatMap(recipe -> rules(recipe, tasks).stream())
                .distinct()
                .toList();
        if (!rules.isEmpty()) {
            setting.put("rules", rules);
        }
        List<TaskFolder> others =
                known.stream().filter(task -> !tasks.contains(task)).toList();
        if (!others.isEmpty()) {
            setting.put("known", others.stream().map(Job::described).toList());
        }
    }

    private static Map<String, Object> described(TaskFolder task) {
        Map<String, Object> described = new TreeMap<>(Map.of(
                "name", task.name(),
                "objective", task.objective().toString(),
                "labels", task.labels(),
                "metric", task.measure().metric().label(),
                "train", task.train().size(),
                "eval", task.eval().size(),
                "digest", task.digest().hex()));
        Decoding decoding = task.measure().decoding();
        if (!decoding.equals(Decoding.GREEDY)) {
            described.put("decoding", decoding.toString());
        }
        return described;
    }

    /** What a setting is known by that may have been written before some recipe fields were there. */
    public static Sha256 keyOfKept(Map<String, Object> setting) {
        SortedMap<String, Object> now = new TreeMap<>(setting);
        now.computeIfPresent(
                "recipes",
                (field, recipes) -> ((List<?>) recipes)
                        .stream()
                                .map(recipe ->
                                        RecipeFields.stated(RecipeFields.complete(JSON.convertValue(recipe, FIELDS))))
                                .toList());
        return key(now);
    }

    /** What a setting is known by. */
    public static Sha256 key(SortedMap<String, Object> setting) {
        try {
            return Sha256.of(JSON.writeValueAsString(setting).getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a setting holds only text, numbers, lists and maps", e);
        }
    }
}
