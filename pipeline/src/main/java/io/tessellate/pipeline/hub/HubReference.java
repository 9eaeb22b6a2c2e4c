package io.tessellate.pipeline.hub;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.regex.Pattern;

/**
 * A model on the Hub, written {@code hf:org/name} or {@code hf:org/name@revision}.
 *
 * @param repository {@code org/name}, or {@code name} for the oldest models
 * @param revision branch, tag or commit
 */
public record HubReference(String repository, String revision) {
    /** How such a reference begins. */
    public static final String PREFIX = "hf:";

    private static final String MAIN = "main";
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
    private static final Pattern REPOSITORY = Pattern.compile("(%s/)?%s".formatted(NAME, NAME));
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,254}");

    /** Checks both names. */
    public HubReference {
        require(REPOSITORY, "repository", repository);
        require(REVISION, "revision", revision);
    }

    /** Whether a text is meant as a reference to the Hub. */
    public static boolean matches(String text) {
        return text.startsWith(PREFIX);
    }

    /** Reads {@code hf:org/name[@revision]}. */
    public static HubReference parse(String text) {
        String name = matches(text) ? text.substring(PREFIX.length()) : text;
        int at = name.indexOf('@');
        return at < 0 ? new HubReference(name, MAIN) : new HubReference(name.substring(0, at), name.substring(at + 1));
    }

    private static void require(Pattern pattern, String what, String value) {
        if (!pattern.matcher(value).matches() || value.contains("..")) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s '%s' is not one of the Hub's; expected is hf:org/name or hf:org/name@revision"
                            .formatted(what, value));
        }
    }

    @Override
    public String toString() {
        return PREFIX + repository + (revision.equals(MAIN) ? "" : "@" + revision);
    }
}
