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
        Map<String, Object> fields = new TreeMap<>(training());
        fields.put(RecipeField.METHOD.text(), method.text());
        fields.put(RecipeField.DENSITY.text(), 0.1);
        fields.put(RecipeField.TARGETS.text(), "all");
        fields.put(RecipeField.MASK_SCOPE.text(), "global");
        fields.put(RecipeField.CALIBRATION_EPOCHS.text(), 1.0);
        fields.put(RecipeField.CALIBRATION_SCOPE.text(), "all");
        fields.put(RecipeField.CALIBRATION_OPTIMIZER.text(), "same");
        fields.put(RecipeField.CALIBRATION_LEARNING_RATE.text(), 1e-6);
        return Collections.unmodifiableMap(fields);
    }

    /** How the lottery tickets' paper trains whatever it trains. */
    private static Map<String, Object> training() {
        Map<String, Object> fields = new TreeMap<>();
        fields.put(RecipeField.EPOCHS.text(), 3.0);
        fields.put(RecipeField.BATCH_SIZE.text(), 32);
        fields.put(RecipeField.LEARNING_RATE.text(), 1e-6);
        fields.put(RecipeField.OPTIMIZER.text(), "rmsprop");
        fields.put(RecipeField.SCHEDULE.text(), "constant");
        fields.put(RecipeField.WARMUP_STEPS.text(), 0);
        fields.put(RecipeField.WEIGHT_DECAY.text(), 0.0);
        fields.put(RecipeField.CLIP_NORM.text(), 0.0);
        fields.put(RecipeField.CLIP_TENSOR_NORM.text(), 1.0);
        fields.put(RecipeField.DROPOUT.text(), 0.0);
        fields.put(RecipeField.COMPLETION_LOSS.text(), "sum");
        fields.put(RecipeField.BUCKET_WINDOW.text(), 1);
        fields.put(RecipeField.MAX_LENGTH.text(), 512);
        fields.put(RecipeField.REPLAY_SHARE.text(), 0.0);
        return fields;
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
