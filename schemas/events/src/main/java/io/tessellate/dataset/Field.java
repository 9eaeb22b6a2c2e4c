package io.tessellate.dataset;

import io.tessellate.error.ErrorCode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where in a producer's record one part of an example is found.
 *
 * @param name name of the field
 * @param mapped whether the manifest names it; else it is our own name for it
 */
record Field(String name, boolean mapped) {
    private static final int QUOTED = 40;

    @Nullable
    Object of(GenericRecord record) {
        Schema.Field field = record.getSchema().getField(name);
        return field == null ? null : record.get(field.pos());
    }

    static boolean isName(Object value) {
        return value instanceof CharSequence || value instanceof GenericEnumSymbol;
    }

    RefusedException unexpected(Object value, String wanted) {
        return new RefusedException(
                ErrorCode.INVALID_FIELD,
                "field '%s' is of type %s, not %s",
                name,
                value.getClass().getSimpleName(),
                wanted);
    }

    /** A value as a reason may quote it. */
    static String abbreviate(Object value) {
        String text = value.toString();
        return text.length() <= QUOTED ? text : text.substring(0, QUOTED) + "…";
    }
}
