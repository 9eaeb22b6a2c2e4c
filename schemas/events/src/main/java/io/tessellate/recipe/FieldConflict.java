package io.tessellate.recipe;

import java.util.Map;

/** Fields that are sound by themselves and not together. */
enum FieldConflict {
    /** A warm-up is given in one way. */
    WARMUP_TWICE(RecipeField.WARMUP_STEPS, "must be 0 where warmupShare is given") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            return number(recipe, RecipeField.WARMUP_SHARE) > 0 && number(recipe, RecipeField.WARMUP_STEPS) > 0;
        }
    },
    /** What trains beside others must not need to know what they will own. */
    PARALLEL_WITHOUT_CLASS(RecipeField.PARALLEL, "must be false unless the method is expander") {
        @Override
        boolean occursIn(Map<String, Object> recipe) {
            String method = (String) recipe.get(RecipeField.METHOD.text());
            return recipe.get(RecipeField.PARALLEL.text()).equals(true)
                    && MethodName.parse(method).claim() != Claim.CLASS;
        }
    };

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

    private static double number(Map<String, Object> recipe, RecipeField field) {
        return ((Number) recipe.get(field.text())).doubleValue();
    }
}
