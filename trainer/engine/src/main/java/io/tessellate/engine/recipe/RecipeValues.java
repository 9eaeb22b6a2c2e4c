package io.tessellate.engine.recipe;

import io.tessellate.method.MethodName;
import io.tessellate.recipe.RaceGrid;
import io.tessellate.recipe.RecipeField;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;

/** What the fields of a recipe hold, each in its type. */
final class RecipeValues {
    /** As many as Mosbach et al. (2021) train small sets for. */
    private static final double MOST_RAISED_EPOCHS = 20;

    private final SortedMap<String, Object> fields;

    /** The values of complete fields. */
    RecipeValues(SortedMap<String, Object> fields) {
        this.fields = Collections.unmodifiableSortedMap(fields);
    }

    SortedMap<String, Object> fields() {
        return fields;
    }

    double real(RecipeField field) {
        return (double) of(field);
    }

    int whole(RecipeField field) {
        return (int) of(field);
    }

    boolean flag(RecipeField field) {
        return (boolean) of(field);
    }

    String text(RecipeField field) {
        return (String) of(field);
    }

    <E extends Enum<E>> E choice(Class<E> type, RecipeField field) {
        return Enum.valueOf(type, text(field).toUpperCase(Locale.ROOT));
    }

    /** Passes of so many batches: as said, or more for the steps that are wanted at least. */
    double epochs(int batches) {
        double raised = Math.min(MOST_RAISED_EPOCHS, (double) whole(RecipeField.MIN_STEPS) / batches);
        return Math.max(real(RecipeField.EPOCHS), raised);
    }

    /** The fields that are left to a race. */
    List<RecipeField> raced() {
        return Arrays.stream(RecipeField.values()).filter(this::isRaced).toList();
    }

    private boolean isRaced(RecipeField field) {
        return field.grid().isPresent() && RecipeField.AUTO.equals(fields.get(field.text()));
    }

    /** What a field holds. Of one that is left to a race: where that begins, and of the density the most it may come to. */
    Object of(RecipeField field) {
        if (!isRaced(field)) {
            return Objects.requireNonNull(fields.get(field.text()));
        }
        RaceGrid grid = field.grid().orElseThrow();
        if (field == RecipeField.LEARNING_RATE) {
            return MethodName.parse(text(RecipeField.METHOD)).rate();
        }
        return field == RecipeField.DENSITY ? grid.most() : grid.prior();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecipeValues values && fields.equals(values.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }
}
