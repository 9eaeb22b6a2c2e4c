package io.tessellate.topic;

import io.tessellate.event.AlertUpdate;
import io.tessellate.event.RegistryEvent;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * A record with one nullable field per kind of event, exactly one of which is set. One with none is of a kind that this
 * version does not know, or of none at all. Commands are no envelopes here: whoever sent one gets an answer.
 */
final class Envelope {
    private static final List<Class<?>> ENVELOPES =
            List.of(TaskEvent.class, TrainingEvent.class, RegistryEvent.class, AlertUpdate.class);

    private Envelope() {}

    /** What is wrong with the kinds of a value, if it is an envelope. */
    static Optional<String> fault(SpecificRecord value) {
        if (!ENVELOPES.contains(value.getClass())) {
            return Optional.empty();
        }
        long set = value.getSchema().getFields().stream()
                .filter(Envelope::isKind)
                .filter(field -> value.get(field.pos()) != null)
                .count();
        return set == 1
                ? Optional.empty()
                : Optional.of("it must hold exactly one event of a known kind, not %d".formatted(set));
    }

    private static boolean isKind(Schema.Field field) {
        return field.schema().isUnion()
                && field.schema().getTypes().stream().anyMatch(type -> type.getType() == Schema.Type.RECORD);
    }
}
