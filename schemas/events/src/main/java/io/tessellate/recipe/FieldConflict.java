package io.tessellate.recipe;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Fields that are sound by themselves and not together. */
enum FieldConflict {
    /** A warm-up is given in one way. */
    WARMUP_TWICE(RecipeField.WARMUP_STEPS, "must be 0 where warmupShare is given") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.WARMUP_SHARE) > 0 && number(recipe, RecipeField.WARMUP_STEPS) > 0;
        }
    },
    /** A ticket is found by training on trial. */
    TICKET_WITHOUT_TRIAL(RecipeField.TICKET_DENSITY, "must be 0 where the method is neither lota nor lotto") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.TICKET_DENSITY) > 0 && !TRIALS.contains(method(recipe));
        }
    },
    /** The mask is part of the ticket. */
    TICKET_TOO_SMALL(RecipeField.TICKET_DENSITY, "must be 0 or greater than density") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            double ticket = number(recipe, RecipeField.TICKET_DENSITY);
            return ticket > 0 && ticket <= number(recipe, RecipeField.DENSITY);
        }
    },
    /** Another task's data is of use only to methods that look at data. */
    MASK_FROM_NO_DATA(RecipeField.MASK_FROM, "must be empty where the method looks at no data") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.MASK_FROM, "")
                    && !TRIALS.contains(method(recipe))
                    && !SCORES.contains(method(recipe));
        }
    },
    /** In the middle of a training the head is the task's own, which no other task's data fits. */
    MASK_FROM_MIDWAY(RecipeField.MASK_FROM, "must be empty where refreshes are given") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.MASK_FROM, "") && number(recipe, RecipeField.REFRESHES) > 0;
        }
    },
    /** Only a choice among many can be made again. */
    FIXED_MASK(RecipeField.REFRESHES, "must be 0 where the method chooses no weights one by one") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            MethodName method = method(recipe);
            return number(recipe, RecipeField.REFRESHES) > 0
                    && !TRIALS.contains(method)
                    && !SCORES.contains(method)
                    && !BLIND.contains(method);
        }
    },
    /** Where the registry says which weights, or all are trained, none can be left out. */
    NOTHING_TO_AVOID(RecipeField.AVOID, "must be none where the method cannot choose its weights") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.AVOID, "none") && method(recipe).claim() != Claim.SHARE;
        }
    },
    /** Full fine-tuning has no target. */
    ALL_TARGETS(RecipeField.TARGETS, "must be all where the method is full") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return given(recipe, RecipeField.TARGETS, "all") && method(recipe) == MethodName.FULL;
        }
    };

    private static final Set<MethodName> TRIALS = EnumSet.of(MethodName.LOTA, MethodName.LOTTO);
    private static final Set<MethodName> SCORES = EnumSet.of(
            MethodName.GRADIENT,
            MethodName.SNIP,
            MethodName.FORCE,
            MethodName.TAYLOR,
            MethodName.FISHER,
            MethodName.GRASP);
    private static final Set<MethodName> BLIND =
            EnumSet.of(MethodName.MAGNITUDE, MethodName.SYNFLOW, MethodName.RANDOM);

    private final RecipeField field;
    private final String rule;

    FieldConflict(RecipeField field, String rule) {
        this.field = field;
        this.rule = rule;
    }

    /** Whether complete fields, in the form in which they are kept, have it. */
    abstract boolean occursIn(Map<String, Object> recipe);

    String message(Map<String, Object> recipe) {
        return String.valueOf(RecipeField.invalid(field.text(), recipe.get(field.text()), rule)
                .getMessage());
    }

    private static MethodName method(Map<String, Object> recipe) {
        return MethodName.parse((String) recipe.get(RecipeField.METHOD.text()));
    }

    private static boolean given(Map<String, Object> recipe, RecipeField field, String otherwise) {
        return !otherwise.equals(recipe.get(field.text()));
    }

    private static double number(Map<String, Object> recipe, RecipeField field) {
        return ((Number) recipe.get(field.text())).doubleValue();
    }
}
