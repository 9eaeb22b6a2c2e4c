package io.tessellate.evaluator.alarm;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.topic.DeadLetterHeader;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Whose a record is that was put aside: a task's, or, where nothing names a task, the topic's it was read from.
 *
 * @param task the task; null where none is named
 * @param topic name of the topic where there is no task; empty if the letter does not say it
 */
public record LetterOwner(@Nullable TaskId task, String topic) {
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    /** The owner of a letter. */
    public static LetterOwner of(byte @Nullable [] key, Headers headers) {
        Optional<TaskId> task = key == null ? Optional.empty() : task(new String(key, UTF_8));
        String topic = DeadLetterHeader.TOPIC
                .in(headers)
                .filter(name -> TOPIC.matcher(name).matches())
                .orElse("");
        return task.map(named -> new LetterOwner(named, "")).orElseGet(() -> new LetterOwner(null, topic));
    }

    private static Optional<TaskId> task(String text) {
        try {
            return Optional.of(TaskId.parse(text));
        } catch (TessellateException e) {
            return Optional.empty();
        }
    }

    /** As text without blanks, for a store: a task has a slash, a topic cannot have one. */
    public String written() {
        return task == null ? topic : task.toString();
    }

    /** Reads {@link #written}. */
    public static LetterOwner read(String text) {
        return text.indexOf('/') < 0 ? new LetterOwner(null, text) : new LetterOwner(TaskId.parse(text), "");
    }

    @Nullable
    ModelName model() {
        return task == null ? null : task.model();
    }

    @Nullable
    TaskName taskName() {
        return task == null ? null : task.task();
    }

    /** For people, after "records". */
    String text() {
        if (task != null) {
            return "of '%s'".formatted(task.task());
        }
        return topic.isEmpty()
                ? "of no known topic, which name no task,"
                : "of topic '%s' that name no task".formatted(topic);
    }
}
