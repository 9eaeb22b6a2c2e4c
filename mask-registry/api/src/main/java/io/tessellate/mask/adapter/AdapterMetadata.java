package io.tessellate.mask.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an adapter comes from.
 *
 * @param baseDigest SHA-256 of the base model's weight file
 * @param parent version it was trained on
 * @param task task it solves
 * @param method how its mask was found
 * @param run training run
 * @param recipe the recipe as used, canonical JSON
 * @param units of the values that its head gives; nothing where it gives none, or where an earlier release did not write them
 */
public record AdapterMetadata(
        Sha256 baseDigest,
        VersionDigest parent,
        TaskId task,
        String method,
        RunId run,
        String recipe,
        Optional<HeadUnits> units) {
    private static final Pattern METHOD = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final int MAX_RECIPE = 65_536;

    public AdapterMetadata {
        if (!METHOD.matcher(method).matches()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "method '%s' must be 1 to 63 of a-z, 0-9, '_' and '-'".formatted(method));
        }
        if (recipe.length() > MAX_RECIPE || !isObject(recipe)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "recipe of run %s must be a JSON object of at most %d characters".formatted(run, MAX_RECIPE));
        }
    }

    /** Of an adapter whose head gives no values. */
    public AdapterMetadata(
            Sha256 baseDigest, VersionDigest parent, TaskId task, String method, RunId run, String recipe) {
        this(baseDigest, parent, task, method, run, recipe, Optional.empty());
    }

    /** The same with the units of the head's values. */
    public AdapterMetadata in(HeadUnits given) {
        return new AdapterMetadata(baseDigest, parent, task, method, run, recipe, Optional.of(given));
    }

    private static boolean isObject(String recipe) {
        return MetadataJson.parse(recipe).filter(JsonNode::isObject).isPresent();
    }
}
