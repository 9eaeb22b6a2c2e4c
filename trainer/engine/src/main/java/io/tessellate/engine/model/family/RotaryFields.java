package io.tessellate.engine.model.family;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.engine.model.config.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a {@code config.json} describes rotary embeddings. Older files hold {@code rope_theta} and, where wave lengths are
 * stretched, {@code rope_scaling}; newer ones {@code rope_parameters} with all of it; files that were written again hold
 * both. As in Hugging Face's library a {@code rope_scaling} that is not empty counts before {@code rope_parameters}, and
 * {@code rope_theta} within that object before the one beside it.
 *
 * @param config all fields
 * @param thetaName what the field beside is called
 * @param shareName what the field beside is called that says which share of a head turns; null if all of it must
 * @param share what it is where it is not said
 */
record RotaryFields(ConfigFields config, String thetaName, Optional<String> shareName, double share) {
    private static final double THETA = 10_000;
    private static final double GLOBAL_THETA = 1_000_000;
    private static final String THETA_NAME = "rope_theta";
    private static final String PARTIAL = "partial_rotary_factor";
    private static final String ORIGINAL = "original_max_position_embeddings";
    private static final String PARAMETERS = "rope_parameters";
    private static final String SCALING = "rope_scaling";
    private static final String FULL = "full_attention";
    private static final String SLIDING = "sliding_attention";

    /** Of a family whose heads turn as a whole. */
    static RotaryFields of(ConfigFields config) {
        return new RotaryFields(config, THETA_NAME, Optional.empty(), 1);
    }

    /** The same by another name of the wave lengths' base. */
    RotaryFields theta(String name) {
        return new RotaryFields(config, name, shareName, share);
    }

    /** The same where a part of a head turns; {@code partial_rotary_factor} within the object counts before this name beside it. */
    RotaryFields partial(String name, double absent) {
        return new RotaryFields(config, thetaName, Optional.of(name), absent);
    }

    private ConfigFields object() {
        ConfigFields scaling = config.object(SCALING);
        ConfigFields object = scaling.isEmpty() ? config.object(PARAMETERS) : scaling;
        requireFlat(object);
        return object;
    }

    /** One way of turning for all layers. */
    Positions.Rotary read(int width) {
        ConfigFields object = object();
        return rotary(width, theta(object), scaling(object), turned(object));
    }

    private Positions.Rotary rotary(int width, double theta, Positions.Scaling scaling, double turned) {
        Positions.Rotary rotary = new Positions.Rotary(theta, scaling, turned, Optional.empty());
        int columns = rotary.columns(width);
        if (columns % 2 != 0 || columns < 2) {
            throw config.unsupported("head_dim must be even for rotary embeddings, not %d%s"
                    .formatted(width, turned == 1 ? "" : ", of which %d columns turn".formatted(columns)));
        }
        return rotary;
    }

    private double theta(ConfigFields object) {
        return object.has(THETA_NAME) ? object.positive(THETA_NAME, THETA) : config.positive(thetaName, THETA);
    }

    private double turned(ConfigFields object) {
        if (shareName.isEmpty()) {
            requireWhole(config);
            requireWhole(object);
            return 1;
        }
        String beside = shareName.get();
        double turned = object.has(PARTIAL) ? object.positive(PARTIAL) : config.positive(beside, share);
        if (turned > 1) {
            throw config.unsupported("%s %s must not be greater than 1".formatted(beside, turned));
        }
        if (config.positive(PARTIAL, turned) != turned) {
            throw config.unsupported("%s %s and %s %s say different things"
                    .formatted(PARTIAL, config.positive(PARTIAL), beside, turned));
        }
        return turned;
    }

    /**
     * The same where sequences up to the first length are stretched by other factors than longer ones (LongRoPE).
     *
     * @param first positions the model was first trained with
     * @param longest positions it is made for
     */
    Positions.Rotary readLong(int width, int first, int longest) {
        ConfigFields object = object();
        double turned = turned(object);
        String type = type(object);
        if (type.equals("default")) {
            return rotary(width, theta(object), new Positions.Unscaled(), turned);
        }
        // Files of the first weeks call it by these names.
        if (!List.of("longrope", "su", "yarn").contains(type)) {
            throw config.unsupported(
                    "%s '%s' is not supported; known are default, longrope".formatted(object.path("rope_type"), type));
        }
        int pairs = (int) (width * turned) / 2;
        List<Float> factors = factors(object, "short_factor", pairs);
        List<Float> longer = factors(object, "long_factor", pairs);
        double factor = object.positive("factor", (double) longest / first);
        double magnitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(first));
        float stretched = (float) object.positive("attention_factor", magnitude);
        return rotary(width, theta(object), new Positions.LongRope(factors, first, longer, stretched), turned);
    }

    private static List<Float> factors(ConfigFields object, String field, int pairs) {
        List<Float> factors = new ArrayList<>();
        for (JsonNode factor : object.json().path(field)) {
            if (!(factor.doubleValue() > 0)) {
                throw object.unsupported("%s must be numbers above 0, not %s".formatted(object.path(field), factor));
            }
            factors.add((float) factor.doubleValue());
        }
        if (factors.size() != pairs) {
            throw object.unsupported("%s has %d numbers, not one for each of %d pairs of columns that turn"
                    .formatted(object.path(field), factors.size(), pairs));
        }
        return factors;
    }

    /**
     * One way for layers that see everything, another for those that see a window: each an object of its own within {@code
     * rope_parameters}, or in older files {@code rope_theta} with {@code rope_scaling} and {@code rope_local_base_freq}.
     */
    Positions.Rotary readByLayer(int width) {
        requireWhole(config);
        ConfigFields parameters = config.object(PARAMETERS);
        if (!parameters.isEmpty() && !parameters.has(FULL) && !parameters.has(SLIDING)) {
            throw config.unsupported(
                    "%s must have an object for %s and one for %s".formatted(PARAMETERS, FULL, SLIDING));
        }
        ConfigFields full = parameters.object(FULL);
        ConfigFields scaling = config.object(SCALING);
        ConfigFields stretched = scaling.isEmpty() ? full : scaling;
        ConfigFields sliding = parameters.object(SLIDING);
        List.of(full, sliding, stretched).forEach(this::requireWhole);
        double theta =
                stretched.positive(THETA_NAME, full.positive(THETA_NAME, config.positive(THETA_NAME, GLOBAL_THETA)));
        double local = sliding.positive(THETA_NAME, config.positive("rope_local_base_freq", THETA));
        Positions.Rotary whole = rotary(width, theta, scaling(stretched), 1);
        return new Positions.Rotary(theta, whole.scaling(), 1, Optional.of(rotary(width, local, scaling(sliding), 1)));
    }

    private static void requireFlat(ConfigFields object) {
        object.json().properties().forEach(field -> {
            if (field.getValue().isObject()) {
                throw object.unsupported("rotary embeddings that differ from layer to layer ('%s') are not supported"
                        .formatted(field.getKey()));
            }
        });
    }

    private void requireWhole(ConfigFields fields) {
        if (fields.positive(PARTIAL, 1) != 1) {
            throw fields.unsupported("%s must be 1: heads are turned as a whole".formatted(fields.path(PARTIAL)));
        }
    }

    private static String type(ConfigFields fields) {
        return fields.text("rope_type", fields.text("type", "default"));
    }

    private Positions.Scaling scaling(ConfigFields fields) {
        String type = type(fields);
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
