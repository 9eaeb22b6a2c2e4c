package io.tessellate.topic;

import io.tessellate.id.TaskId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
        return pattern(tasks);
    }

    /** The task whose records a topic holds, if it is a task topic. */
    public Optional<TaskId> taskOf(String topic) {
        return taskOf(taskPattern(), topic);
    }

    /**
     * Why a topic that seems to be meant for a task is read by nobody; empty for task topics, and for those that have nothing to
     * do with tasks.
     */
    public Optional<String> stray(String topic) {
        boolean ours = taskOf(topic).isPresent() || topic.startsWith(control + ".") || topic.startsWith("__");
        var named = Pattern.compile(
                        "(.*\\.)?" + Pattern.quote(tasks) + "(\\..*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(topic);
        if (ours || !named.matches()) {
            return Optional.empty();
        }
        String rule = "needed is %s.<model>.<task>, names of a-z, 0-9, '-' and '_'".formatted(tasks);
        return Optional.of("topic %s is read by nobody: %s; %s".formatted(topic, fault(topic, named.group(1)), rule));
    }

    private String fault(String topic, @Nullable String prefix) {
        if (prefix != null) {
            return "it has '%s' before '%s'".formatted(prefix, tasks);
        }
        if (taskOf(topic.toLowerCase(Locale.ROOT)).isPresent()) {
            return "it has capital letters";
        }
        int parts = topic.split("\\.", -1).length;
        return parts == 3
                ? "model or task has a character that no name may have"
                : "it has %d parts between its dots".formatted(parts);
    }

    /** Where what a task is to be asked is written. */
    public String predict(TaskId task) {
        return beside("predict") + "." + task.model() + "." + task.task();
    }

    /** Matches every topic of {@link #predict}. */
    public Pattern predictPattern() {
        return pattern(beside("predict"));
    }

    /** Where the labels of what a task was asked are written, once they are known. */
    public String labels(TaskId task) {
        return beside("labels") + "." + task.model() + "." + task.task();
    }

    /** Matches every topic of {@link #labels}. */
    public Pattern labelsPattern() {
        return pattern(beside("labels"));
    }

    /** The task that a topic matched by one of the patterns belongs to. */
    public static Optional<TaskId> taskOf(Pattern pattern, String topic) {
        var matcher = pattern.matcher(topic);
        return matcher.matches() ? Optional.of(TaskId.of(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** A prefix of the users' topics: as it is beside the usual one of task topics, else behind the configured one. */
    private String beside(String what) {
        return tasks.equals(DEFAULT.tasks) ? what : tasks + "-" + what;
    }

    private static Pattern pattern(String prefix) {
        return Pattern.compile(Pattern.quote(prefix) + "\\.([a-z0-9][a-z0-9_-]{0,62})\\.([a-z0-9][a-z0-9_-]{0,62})");
    }

    /** An internal topic. */
    public String control(String name) {
        return control + "." + name;
    }
}
