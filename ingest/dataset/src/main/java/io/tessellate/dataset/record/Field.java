package io.tessellate.dataset.record;

import io.tessellate.dataset.manifest.Quotation;
import io.tessellate.error.ErrorCode;
import java.util.List;
import org.apache.avro.generic.GenericEnumSymbol;
import org.jspecify.annotations.Nullable;

/**
 * Where in a producer's record one part of an example is found.
 *
 * @param name name of the field, or with dots the way to it through the records and maps around it
 * @param mapped whether the manifest names it; else it is our own name for it
 */
record Field(String name, boolean mapped) {
    private static final List<String> CHATS = List.of("messages", "conversations", "conversation");
    private static final String OWN_CHAT = "messages";

    /** The value, null also where there is no such field. A field whose own name has dots is meant before a way. */
    @Nullable
    Object of(Object record) {
        return of(record, name);
    }

    private static @Nullable Object of(Object record, String way) {
        if (Nested.has(record, way)) {
            return Nested.get(record, way);
        }
        for (int dot = way.lastIndexOf('.'); dot > 0; dot = way.lastIndexOf('.', dot - 1)) {
            Object inner = Nested.get(record, way.substring(0, dot));
            if (inner != null && Nested.holds(inner)) {
                return of(inner, way.substring(dot + 1));
            }
        }
        return null;
    }

    /** The value; MISSING_FIELD if there is none. */
    Object present(Object record) throws RefusedException {
        Object value = of(record);
        if (value == null) {
            throw absent(record);
        }
        return value;
    }

    static boolean isName(Object value) {
        return value instanceof CharSequence || value instanceof GenericEnumSymbol;
    }

    /** Why there is no value: what the innermost record on the way to it has instead. */
    private RefusedException absent(Object record) {
        Object inner = record;
        String way = name;
        String where = "the record";
        for (int dot = way.indexOf('.'); dot > 0 && !Nested.has(inner, way); dot = way.indexOf('.')) {
            String step = way.substring(0, dot);
            Object next = Nested.get(inner, step);
            if (next == null || !Nested.holds(next)) {
                break;
            }
            inner = next;
            where = "'" + step + "'";
            way = way.substring(dot + 1);
        }
        List<String> there = Nested.names(inner);
        String chat = !name.equals(OWN_CHAT) && there.stream().anyMatch(CHATS::contains) ? "; " + ValueShape.CHAT : "";
        return new RefusedException(
                ErrorCode.MISSING_FIELD,
                "field '%s' is %s; %s has %s%s",
                name,
                Nested.has(inner, way) ? "null" : "missing",
                where,
                Quotation.listed(there),
                chat);
    }

    RefusedException unexpected(Object value, ValueShape.Due due) {
        return new RefusedException(
                ErrorCode.INVALID_FIELD,
                "field '%s' is %s, not %s%s",
                name,
                ValueShape.of(value),
                due,
                ValueShape.advice(value, due).map(advice -> ": " + advice).orElse(""));
    }
}
