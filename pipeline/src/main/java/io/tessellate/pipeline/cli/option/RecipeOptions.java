package io.tessellate.pipeline.cli.option;

import io.tessellate.event.Recipe;
import io.tessellate.recipe.RecipeField;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** A flag for each field of a recipe; each overrules the manifest. */
public final class RecipeOptions {
    /** Shorter names for what is given often. */
    private static final Map<RecipeField, String> SHORT =
            Map.of(RecipeField.REPLAY_SHARE, "--replay", RecipeField.WARMUP_SHARE, "--warmup");

    private final Map<RecipeField, Object> given = new EnumMap<>(RecipeField.class);

    /** A command that takes a recipe's flags. */
    public interface Taker {
        /** Where they go. */
        RecipeOptions recipe();
    }

    /** Adds the flags to the command's own. */
    public static final class Flags implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec command) {
            RecipeOptions options = ((Taker) command.userObject()).recipe();
            for (RecipeField field : RecipeField.values()) {
                OptionSpec flag = options.flag(field);
                // A flag of the command's own that has the name comes first.
                if (command.findOption(flag.longestName()) == null) {
                    command.addOption(flag);
                }
            }
            return command;
        }
    }

    private OptionSpec flag(RecipeField field) {
        List<String> names = new ArrayList<>();
        if (SHORT.containsKey(field)) {
            names.add(SHORT.get(field));
        }
        names.add("--" + kebab(field.text()));
        OptionSpec.Builder flag = OptionSpec.builder(names.toArray(String[]::new))
                .type(field.rule().type())
                .paramLabel(label(field.rule().type()))
                .description(escaped(field))
                .setter(new ISetter() {
                    @Override
                    public <T> T set(T value) {
                        return take(field, value);
                    }
                });
        if (field.grid().isPresent()) {
            flag.type(Object.class).paramLabel("N|" + RecipeField.AUTO).converters(RecipeOptions::numberOrAuto);
        }
        return field.rule().type() == Boolean.class
                ? flag.arity("0..1").fallbackValue("true").build()
                : flag.build();
    }

    private static Object numberOrAuto(String text) {
        if (text.equals(RecipeField.AUTO)) {
            return text;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'%s' is neither a number nor %s".formatted(text, RecipeField.AUTO));
        }
    }

    private static String label(Class<?> type) {
        if (type == Boolean.class) {
            return "true|false";
        }
        return type == String.class ? "NAME" : "N";
    }

    private <T> T take(RecipeField field, @Nullable T value) {
        if (value == null) {
            given.remove(field);
        } else {
            given.put(field, value);
        }
        return value;
    }

    private static String escaped(RecipeField field) {
        return (field.meaning() + " It " + field.rule().rule() + ".").replace("%", "%%");
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Refuses a value that its field cannot have, whatever else the recipe says. */
    public void requireValues() {
        given.forEach(RecipeField::canonical);
    }

    /** The fields that were given, by name. */
    public Map<String, Object> given() {
        Map<String, Object> fields = new TreeMap<>();
        given.forEach((field, value) -> fields.put(field.text(), value));
        return fields;
    }

    /** The recipe with the given flags on top. */
    public Recipe over(Recipe recipe) {
        Recipe changed = Recipe.newBuilder(recipe).build();
        given.forEach((field, value) -> put(changed, field, value));
        return changed;
    }

    /** A number takes the place of a race, and a race that of a number. */
    private static void put(Recipe recipe, RecipeField field, Object value) {
        boolean race = value.equals(RecipeField.AUTO) && field.grid().isPresent();
        recipe.put(recipe.getSchema().getField(field.text()).pos(), race ? null : value);
        if (field.grid().isEmpty() || !race && recipe.getAuto() == null) {
            return;
        }
        List<String> raced = new ArrayList<>(recipe.getAuto() == null ? List.of() : recipe.getAuto());
        raced.remove(field.text());
        if (race) {
            raced.add(field.text());
        }
        recipe.setAuto(raced.isEmpty() ? null : raced);
    }
}
