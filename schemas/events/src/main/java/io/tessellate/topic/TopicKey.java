package io.tessellate.topic;

import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What the key of a topic's records names. The value speaks of the same thing, else the record is nobody's. */
public enum TopicKey {
    /** Nothing that is relied on. */
    ANY,
    /** A model. */
    MODEL,
    /** A model, or nothing where the record is about none: then the key is empty. */
    MODEL_OR_NONE,
    /** A task, as {@code model/task}. */
    TASK,
    /** A training run. */
    RUN;

    private Object parse(String key) {
        return switch (this) {
            case ANY -> key;
            case MODEL -> new ModelName(key);
            case MODEL_OR_NONE -> key.isEmpty() ? key : new ModelName(key);
            case TASK -> TaskId.parse(key);
            case RUN -> new RunId(key);
        };
    }

    /** The value's fields that say the same, joined by slashes. */
    private List<String> fields() {
        return switch (this) {
            case ANY -> List.of();
            case MODEL, MODEL_OR_NONE -> List.of("model");
            case TASK -> List.of("model", "task");
            case RUN -> List.of("runId");
        };
    }

    /** What is wrong with a key and its value, if anything. */
    Optional<String> fault(@Nullable String key, @Nullable Object value) {
        if (this == ANY) {
            return Optional.empty();
        }
        if (key == null) {
            return Optional.of("it has no key");
        }
        Optional<String> broken = broken(key);
        return broken.isPresent() || !(value instanceof SpecificRecord event) ? broken : elsewhere(key, event);
    }

    private Optional<String> broken(String key) {
        try {
            Objects.requireNonNull(parse(key));
            return Optional.empty();
        } catch (TessellateException e) {
            return Optional.of("its key: " + e.getMessage());
        }
    }

    private Optional<String> elsewhere(String key, SpecificRecord event) {
        StringBuilder about = new StringBuilder();
        for (String name : fields()) {
            Schema.Field field = event.getSchema().getField(name);
            if (field == null) {
                return Optional.empty();
            }
            about.append(about.isEmpty() ? "" : "/").append(event.get(field.pos()));
        }
        return about.toString().equals(key)
                ? Optional.empty()
                : Optional.of("its key is '%s', but it is about '%s'".formatted(key, about));
    }
}
