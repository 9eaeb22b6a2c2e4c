package io.tessellate.topic;

import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** What the key of a topic's records names. The value speaks of the same thing, else the record is nobody's. */
public enum TopicKey {
    /** Nothing that is relied on. */
    ANY {
        @Override
        Optional<String> broken(String key) {
            return Optional.empty();
        }

        @Override
        Optional<String> named(SpecificRecord value) {
            return Optional.empty();
        }
    },
    /** A model. */
    MODEL {
        @Override
        Optional<String> broken(String key) {
            return fault(() -> new ModelName(key));
        }

        @Override
        Optional<String> named(SpecificRecord value) {
            return text(value, "model");
        }
    },
    /** A task, as {@code model/task}. */
    TASK {
        @Override
        Optional<String> broken(String key) {
            return fault(() -> TaskId.parse(key));
        }

        @Override
        Optional<String> named(SpecificRecord value) {
            return text(value, "model")
                    .flatMap(model -> text(value, "task").map(task -> model + "/" + task));
        }
    },
    /** A training run. */
    RUN {
        @Override
        Optional<String> broken(String key) {
            return fault(() -> new RunId(key));
        }

        @Override
        Optional<String> named(SpecificRecord value) {
            return text(value, "runId");
        }
    };

    /** Why a key is no name of its kind, if it is none. */
    abstract Optional<String> broken(String key);

    /** What the value says it is about. */
    abstract Optional<String> named(SpecificRecord value);

    /** What is wrong with a key and its value, if anything. */
    Optional<String> fault(@Nullable String key, @Nullable Object value) {
        if (this == ANY) {
            return Optional.empty();
        }
        if (key == null) {
            return Optional.of("it has no key");
        }
        Optional<String> broken = broken(key);
        if (broken.isPresent() || !(value instanceof SpecificRecord event)) {
            return broken;
        }
        return named(event)
                .filter(about -> !about.equals(key))
                .map(about -> "its key is '%s', but it is about '%s'".formatted(key, about));
    }

    private static Optional<String> fault(Runnable naming) {
        try {
            naming.run();
            return Optional.empty();
        } catch (TessellateException e) {
            return Optional.of("its key: " + e.getMessage());
        }
    }

    private static Optional<String> text(SpecificRecord value, String field) {
        Schema.Field found = value.getSchema().getField(field);
        return found == null || value.get(found.pos()) == null
                ? Optional.empty()
                : Optional.of(value.get(found.pos()).toString());
    }
}
