package io.tessellate.evaluator.alert;

import com.fasterxml.jackson.annotation.JsonValue;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What kind of thing an alert is about. */
public enum AlertKind {
    /** An earlier task dropped, and its verdict is FAIL or WARN. */
    VERDICT,
    /** A score could not be computed. */
    UNMEASURED,
    /** A task view scores otherwise than when its task was committed. */
    TASK_VIEW,
    /** A training ended without an adapter. */
    TRAINING,
    /** A dataset was refused. */
    DATASET,
    /** An adapter was refused by the registry. */
    ADAPTER,
    /** A model waits for a person. */
    PARKED,
    /** Records were put aside. */
    DEAD_LETTERS,
    /** One of the eight promises is broken. */
    PROMISE,
    /** What a task answers scores lower than its eval split. */
    LIVE,
    /** One that only a later version knows. */
    OTHER;

    /** Reads the kind of a name, as people write it. */
    public static AlertKind parse(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind != OTHER && kind.label().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "kind '%s' must be one of %s"
                                .formatted(
                                        text,
                                        Arrays.stream(values())
                                                .filter(kind -> kind != OTHER)
                                                .map(AlertKind::label)
                                                .collect(Collectors.joining(", ")))));
    }

    /** The kind that an event names; records from before there were kinds say it by their code. */
    static AlertKind of(@Nullable String name, String code) {
        if (name == null) {
            return code.equals(ErrorCode.FORGETTING.name())
                    ? VERDICT
                    : code.equals(ErrorCode.TASK_VIEW_CHANGED.name()) ? TASK_VIEW : UNMEASURED;
        }
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(name))
                .findFirst()
                .orElse(OTHER);
    }

    /** Its name in events, in JSON and on the command line. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
