package io.tessellate.recipe;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.method.MethodName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Holds the fields of a recipe against their rules, and against each other. */
public final class RecipeFields {
    /** On MiniLM, 400 examples a task: fewer steps learn less or forget more, at whatever rate was tried: docs/methods/replay.md. */
    private static final int STEPS_OF_REHEARSAL = 300;

    private RecipeFields() {}

    /**
     * All fields in the form in which they are kept: the given ones, over those of the {@link Preset} that they name, over the method's
     * defaults, over those that methods share.
     *
     * @throws TessellateException INVALID_RECIPE, naming field, value and rule
     */
    public static SortedMap<String, Object> complete(Map<String, ?> asked) {
        Map<String, Object> given = Preset.expanded(asked);
        Map<String, Object> methodDefaults = method(given).defaults();
        given.forEach((name, value) -> requireKnown(name, value));
        SortedMap<String, Object> all = new TreeMap<>();
        for (RecipeField field : RecipeField.values()) {
            Object shared =
                    methodDefaults.containsKey(field.text()) ? methodDefaults.get(field.text()) : field.initial();
            Object value = given.containsKey(field.text()) ? given.get(field.text()) : shared;
            all.put(field.text(), field.canonical(Objects.requireNonNull(value)));
        }
        followRehearsal(given, all);
        conflicts(all).stream().findFirst().ifPresent(conflict -> {
            throw new TessellateException(ErrorCode.INVALID_RECIPE, conflict);
        });
        return all;
    }

    /** What is wrong with the fields that are given, each problem naming field, value and rule. */
    public static List<String> problems(Map<String, ?> given) {
        List<String> all = new ArrayList<>();
        given.forEach((name, value) -> {
            try {
                requireKnown(name, value).canonical(value);
            } catch (TessellateException e) {
                all.add(e.getMessage());
            }
        });
        if (all.isEmpty()) {
            all.addAll(conflicts(given));
        }
        return all;
    }

    /** Those of complete fields that the canonical text has. */
    public static SortedMap<String, Object> stated(SortedMap<String, Object> complete) {
        SortedMap<String, Object> some = new TreeMap<>(complete);
        for (RecipeField field : RecipeField.values()) {
            if (!field.isStated(Objects.requireNonNull(complete.get(field.text())))) {
                some.remove(field.text());
            }
        }
        return some;
    }

    /** A numeric field's value; of one that is left to a race the most that it may come to. */
    public static double most(RecipeField field, Object value) {
        return RecipeField.AUTO.equals(value) ? field.grid().orElseThrow().most() : ((Number) value).doubleValue();
    }

    /**
     * What is left out and follows from others. Distillation goes with replay: unless it is asked for, there is none without replay beside the
     * own batch, nor where examples are packed. Where earlier tasks are rehearsed, by their own examples or by random inputs, a few steps
     * are too few, unless somebody says how many.
     */
    private static void followRehearsal(Map<String, ?> given, Map<String, Object> all) {
        boolean replays = isPositive(RecipeField.REPLAY_SHARE, all);
        boolean apart = !"mixed".equals(all.get(RecipeField.REPLAY_SCHEDULE.text()))
                && Boolean.FALSE.equals(all.get(RecipeField.PACKING.text()));
        if (given.get(RecipeField.DISTILL_SHARE.text()) == null && !(replays && apart)) {
            all.put(RecipeField.DISTILL_SHARE.text(), 0.0);
        }
        boolean counted =
                given.get(RecipeField.EPOCHS.text()) != null || given.get(RecipeField.MIN_STEPS.text()) != null;
        if (!counted && (replays || isPositive(RecipeField.PSEUDO_SHARE, all))) {
            all.put(RecipeField.MIN_STEPS.text(), STEPS_OF_REHEARSAL);
        }
    }

    private static boolean isPositive(RecipeField field, Map<String, Object> all) {
        return most(field, Objects.requireNonNull(all.get(field.text()))) > 0;
    }

    private static MethodName method(Map<String, ?> given) {
        String field = RecipeField.METHOD.text();
        Object name = given.containsKey(field) ? given.get(field) : RecipeField.METHOD.initial();
        return MethodName.parse((String) RecipeField.METHOD.canonical(name));
    }

    private static RecipeField requireKnown(String name, Object value) {
        return RecipeField.named(name)
                .orElseThrow(() -> RecipeField.invalid(name, value, "is no field of a recipe; known are " + names()));
    }

    /** Fields that are sound by themselves and not together. What is left out has its default. */
    private static List<String> conflicts(Map<String, ?> asked) {
        Map<String, Object> given = Preset.expanded(asked);
        Map<String, Object> fields = new HashMap<>();
        for (RecipeField field : RecipeField.values()) {
            Object value = given.get(field.text());
            fields.put(field.text(), value == null ? field.initial() : field.canonical(value));
        }
        followRehearsal(given, fields);
        return Arrays.stream(FieldConflict.values())
                .filter(conflict -> conflict.occursIn(fields))
                .map(conflict -> conflict.message(fields))
                .toList();
    }

    private static List<String> names() {
        return Arrays.stream(RecipeField.values())
                .map(RecipeField::text)
                .sorted()
                .toList();
    }
}
