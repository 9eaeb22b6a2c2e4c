package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Positions;

/**
 * How a {@code config.json} describes rotary embeddings. Older files hold {@code rope_theta} and, where wave lengths are
 * stretched, {@code rope_scaling}; newer ones {@code rope_parameters} with all of it; files that were written again hold
 * both. As in Hugging Face's library a {@code rope_scaling} that is not empty counts before {@code rope_parameters}, and
 * {@code rope_theta} within that object before the one beside it.
 *
 * @param config all fields
 */
record RotaryFields(ConfigFields config) {
    private static final double THETA = 10_000;
    private static final String PARTIAL = "partial_rotary_factor";
    private static final String ORIGINAL = "original_max_position_embeddings";

    Positions.Rotary read() {
        ConfigFields scaling = config.object("rope_scaling");
        ConfigFields object = scaling.isEmpty() ? config.object("rope_parameters") : scaling;
        requireFlat(object);
        requireWhole(config);
        requireWhole(object);
        double theta = (object.has("rope_theta") ? object : config).positive("rope_theta", THETA);
        return new Positions.Rotary(theta, scaling(object));
    }

    private static void requireFlat(ConfigFields object) {
        object.json().properties().forEach(field -> {
            if (field.getValue().isObject()) {
                throw object.unsupported("rotary embeddings that differ from layer to layer ('%s') are not supported"
                        .formatted(field.getKey()));
            }
        });
    }

    private static void requireWhole(ConfigFields fields) {
        if (fields.positive(PARTIAL, 1) != 1) {
            throw fields.unsupported("%s must be 1: heads are turned as a whole".formatted(fields.path(PARTIAL)));
        }
    }

    private Positions.Scaling scaling(ConfigFields fields) {
        String type = fields.text("rope_type", fields.text("type", "default"));
        return switch (type) {
            case "default" -> new Positions.Unscaled();
            case "linear" -> new Positions.Linear(fields.positive("factor"));
            case "dynamic" -> dynamic(fields);
            case "llama3" -> llama3(fields);
            default ->
                throw fields.unsupported("%s '%s' is not supported; known are default, linear, dynamic, llama3"
                        .formatted(fields.path("rope_type"), type));
        };
    }

    /** Stretches only what is longer than {@code max_position_embeddings}, and no sequence here is. */
    private static Positions.Scaling dynamic(ConfigFields fields) {
        fields.positive("factor");
        return new Positions.Unscaled();
    }

    private Positions.Scaling llama3(ConfigFields fields) {
        double low = fields.positive("low_freq_factor");
        double high = fields.positive("high_freq_factor");
        if (high <= low) {
            throw fields.unsupported("%s %s must be greater than low_freq_factor %s"
                    .formatted(fields.path("high_freq_factor"), high, low));
        }
        int original = (config.has(ORIGINAL) ? config : fields).integer(ORIGINAL);
        return new Positions.Llama3(fields.positive("factor"), low, high, original);
    }
}
