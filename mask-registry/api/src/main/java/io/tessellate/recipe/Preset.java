package io.tessellate.recipe;

import io.tessellate.method.MethodName;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The recipe of a paper under one name: every field as it is printed there, and where the paper prints none, as its published code has it. Fields
 * that are given come first. What no field can make the same stands on docs/methods/presets.md.
 */
@SuppressWarnings("ImmutableEnumChecker") // of boxed numbers, flags and strings, and unmodifiable
public enum Preset {
    /** Lottery ticket adaptation (<a href="https://arxiv.org/abs/2406.16797">2406.16797</a>). */
    LOTA_PAPER(lottery(MethodName.LOTA)),
    /** Lottery ticket together optimisation, of the same paper. */
    LOTTO_PAPER(lottery(MethodName.LOTTO)),
    /** Static masks of largest gradient (<a href="https://arxiv.org/abs/2412.13488">2412.13488</a>), its RoBERTa-base on MRPC and STS-B. */
    SPEFT_PAPER(fields(
            RecipeField.METHOD,
            "gradient",
            RecipeField.DENSITY,
            2.0 * 8 / 768,
            RecipeField.TARGETS,
            "qv",
            RecipeField.EPOCHS,
            30.0,
            RecipeField.CALIBRATION_EPOCHS,
            1.0,
            RecipeField.BATCH_SIZE,
            16,
            RecipeField.LEARNING_RATE,
            4e-4,
            RecipeField.OPTIMIZER,
            "adamw",
            RecipeField.SCHEDULE,
            "linear",
            RecipeField.WARMUP_SHARE,
            0.0,
            RecipeField.WEIGHT_DECAY,
            0.0,
            RecipeField.CLIP_NORM,
            1.0,
            RecipeField.CLIP_TENSOR_NORM,
            0.0,
            RecipeField.BUCKET_WINDOW,
            1,
            RecipeField.MAX_LENGTH,
            512,
            RecipeField.REFRESHES,
            0,
            RecipeField.MASK_SCOPE,
            "global",
            RecipeField.REPLAY_SHARE,
            0.0)),
    /** Expander masks reached by random sparse transformation ("Exploring the DLTH in finetuning"). */
    DLTH_PAPER(fields(
            RecipeField.METHOD,
            "expander",
            RecipeField.DENSITY,
            0.01,
            RecipeField.TARGETS,
            "qkv",
            RecipeField.SHARED_MASK,
            true,
            RecipeField.RAMP_SHARE,
            0.6,
            RecipeField.HOLD_SHARE,
            0.2,
            RecipeField.BATCH_SIZE,
            16,
            RecipeField.LEARNING_RATE,
            1e-4,
            RecipeField.BUCKET_WINDOW,
            1,
            RecipeField.REPLAY_SHARE,
            0.0));

    private final Map<String, Object> fields;

    Preset(Map<String, Object> fields) {
        this.fields = fields;
    }

    private static Map<String, Object> lottery(MethodName method) {
        return fields(
                RecipeField.METHOD,
                method.text(),
                RecipeField.DENSITY,
                0.1,
                RecipeField.TARGETS,
                "all",
                RecipeField.MASK_SCOPE,
                "global",
                RecipeField.EPOCHS,
                3.0,
                RecipeField.CALIBRATION_EPOCHS,
                1.0,
                RecipeField.CALIBRATION_SCOPE,
                "all",
                RecipeField.CALIBRATION_OPTIMIZER,
                "same",
                RecipeField.CALIBRATION_LEARNING_RATE,
                1e-6,
                RecipeField.BATCH_SIZE,
                32,
                RecipeField.LEARNING_RATE,
                1e-6,
                RecipeField.OPTIMIZER,
                "rmsprop",
                RecipeField.SCHEDULE,
                "constant",
                RecipeField.WARMUP_STEPS,
                0,
                RecipeField.WEIGHT_DECAY,
                0.0,
                RecipeField.CLIP_NORM,
                0.0,
                RecipeField.CLIP_TENSOR_NORM,
                1.0,
                RecipeField.DROPOUT,
                0.0,
                RecipeField.COMPLETION_LOSS,
                "sum",
                RecipeField.BUCKET_WINDOW,
                1,
                RecipeField.MAX_LENGTH,
                512,
                RecipeField.REPLAY_SHARE,
                0.0);
    }

    /** Fields and what they hold, in turn. */
    private static Map<String, Object> fields(Object... pairs) {
        Map<String, Object> fields = new TreeMap<>();
        for (int n = 0; n < pairs.length; n += 2) {
            fields.put(((RecipeField) pairs[n]).text(), pairs[n + 1]);
        }
        return Collections.unmodifiableMap(fields);
    }

    /** As written in a recipe. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What the paper says of each field that it says anything of, by name. */
    public Map<String, Object> fields() {
        return fields;
    }

    /** The given fields, and for those left out what the preset says that they name; as they are where they name none. */
    public static Map<String, Object> expanded(Map<String, ?> given) {
        Map<String, Object> all = new TreeMap<>(given);
        named(given.get(RecipeField.PRESET.text()))
                .ifPresent(preset -> preset.fields(given).forEach(all::putIfAbsent));
        return all;
    }

    private static Optional<Preset> named(@Nullable Object name) {
        return Arrays.stream(values())
                .filter(preset -> preset.text().equals(String.valueOf(name)))
                .findFirst();
    }

    /** The lottery tickets' paper has one rate for calibration and mask: one that is given is both's. */
    private Map<String, Object> fields(Map<String, ?> given) {
        Object rate = given.get(RecipeField.LEARNING_RATE.text());
        if (rate == null || !fields.containsKey(RecipeField.CALIBRATION_LEARNING_RATE.text())) {
            return fields;
        }
        Map<String, Object> own = new TreeMap<>(fields);
        own.put(RecipeField.CALIBRATION_LEARNING_RATE.text(), rate instanceof Number number ? number : 0.0);
        return own;
    }
}
