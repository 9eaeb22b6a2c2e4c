package io.tessellate.dataset.record;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** What holds values by name: an Avro record, and a map as Avro or JSON has it. */
final class Nested {
    private Nested() {}

    static boolean holds(Object value) {
        return value instanceof GenericRecord || value instanceof Map;
    }

    static boolean has(Object holder, String name) {
        return holder instanceof GenericRecord record
                ? record.getSchema().getField(name) != null
                : holder instanceof Map<?, ?> map && (map.containsKey(name) || map.containsKey(new Utf8(name)));
    }

    static @Nullable Object get(Object holder, String name) {
        if (holder instanceof GenericRecord record) {
            Schema.Field field = record.getSchema().getField(name);
            return field == null ? null : record.get(field.pos());
        }
        return holder instanceof Map<?, ?> map ? map.containsKey(name) ? map.get(name) : map.get(new Utf8(name)) : null;
    }

    /** The names that have a value. */
    static List<String> names(Object holder) {
        if (holder instanceof GenericRecord record) {
            return record.getSchema().getFields().stream()
                    .filter(field -> record.get(field.pos()) != null)
                    .map(Schema.Field::name)
                    .toList();
        }
        return ((Map<?, ?>) holder)
                .entrySet().stream()
                        .filter(entry -> entry.getValue() != null)
                        .map(entry -> entry.getKey().toString())
                        .toList();
    }
}
