package io.tessellate.pipeline.check;

import io.tessellate.pipeline.check.topic.Placed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a history does not keep a promise.
 *
 * @param model the model, if it is about one
 * @param task name of the task within the model, if it is about one
 * @param version version concerned, if it is about one
 * @param place topic, partition and offset of the record that shows it, if one does
 * @param path place in the blob store, if it is about a file
 * @param what what is wrong, with the numbers
 */
public record Breach(
        @Nullable String model,
        @Nullable String task,
        @Nullable Integer version,
        @Nullable String place,
        @Nullable String path,
        String what) {

    /** Something that is wrong with a model. */
    static Breach of(String model, String what) {
        return new Breach(model, null, null, null, null, what);
    }

    /** Whether two readings mean one thing by it: numbers in words, and the record that shows it, may have moved on between them. */
    boolean isAboutTheSameAs(Breach other) {
        return Objects.equals(model, other.model)
                && Objects.equals(task, other.task)
                && Objects.equals(version, other.version)
                && Objects.equals(path, other.path);
    }

    Breach saying(String other) {
        return new Breach(model, task, version, place, path, other);
    }

    Breach task(String name) {
        return new Breach(model, name, version, place, path, what);
    }

    Breach version(int number) {
        return new Breach(model, task, number, place, path, what);
    }

    Breach at(Placed<?> shown) {
        return new Breach(model, task, version, shown.place(), path, what);
    }

    Breach path(String file) {
        return new Breach(model, task, version, place, file, what);
    }

    /** In one line, for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (model != null) {
            text.append(model).append(task == null ? "" : "/" + task);
        }
        if (version != null) {
            text.append(" version ").append(version);
        }
        text.append(text.length() == 0 ? "" : ": ").append(what);
        if (path != null) {
            text.append("; blob ").append(path);
        }
        return place == null ? text.toString() : text + " (" + place + ")";
    }
}
