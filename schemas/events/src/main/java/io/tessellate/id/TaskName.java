package io.tessellate.id;

/** Name of a task within its model. */
public record TaskName(String value) implements Comparable<TaskName> {
    public TaskName {
        Names.require("task", value);
    }

    @Override
    public int compareTo(TaskName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
