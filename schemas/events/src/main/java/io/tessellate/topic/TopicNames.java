package io.tessellate.topic;

import io.tessellate.id.TaskId;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of all topics under one pair of prefixes.
 *
 * @param control prefix of the internal topics, {@code tessellate} unless configured
 * @param tasks prefix of the task topics, {@code tasks} unless configured
 */
public record TopicNames(String control, String tasks) {
    /** The names everyone sees unless a prefix is configured. */
    public static final TopicNames DEFAULT = new TopicNames("tessellate", "tasks");

    /** Where the records of a task are written. */
    public String task(TaskId task) {
        return tasks + "." + task.model() + "." + task.task();
    }

    /** Matches every task topic. */
    public Pattern taskPattern() {
        return Pattern.compile(Pattern.quote(tasks) + "\\.([a-z0-9][a-z0-9_-]{0,62})\\.([a-z0-9][a-z0-9_-]{0,62})");
    }

    /** The task whose records a topic holds, if it is a task topic. */
    public Optional<TaskId> taskOf(String topic) {
        var matcher = taskPattern().matcher(topic);
        return matcher.matches() ? Optional.of(TaskId.of(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** An internal topic. */
    public String control(String name) {
        return control + "." + name;
    }
}
