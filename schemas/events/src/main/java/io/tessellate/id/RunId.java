package io.tessellate.id;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Identity of one training run: the same dataset and manifest always give the same run. */
public record RunId(String value) {
    private static final Pattern RULE = Pattern.compile("[a-z0-9-]{1,64}");

    public RunId {
        if (!RULE.matcher(value).matches()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "run '%s' must be 1 to 64 of a-z, 0-9 and '-'".formatted(value));
        }
    }

    /** The run that follows from a task, its dataset's digest and its recipe as canonical text. */
    public static RunId of(TaskId task, Sha256 dataset, String recipe) {
        byte[] identity = (task + "\n" + dataset + "\n" + recipe).getBytes(StandardCharsets.UTF_8);
        return new RunId("run-" + Sha256.of(identity).hex().substring(0, 16));
    }

    /**
     * The run of a task of which earlier runs have failed.
     *
     * @param failures how many; with none it is the run that follows from the others alone
     */
    public static RunId of(TaskId task, Sha256 dataset, String recipe, int failures) {
        return failures == 0
                ? of(task, dataset, recipe)
                : of(task, dataset, "%s\nafter %d failures".formatted(recipe, failures));
    }

    @Override
    public String toString() {
        return value;
    }
}
