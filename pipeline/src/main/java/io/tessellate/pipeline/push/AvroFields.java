package io.tessellate.pipeline.push;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/** Copies the fields of a JSON object into a generated record by name and type; what does not fit is named. */
final class AvroFields {
    private AvroFields() {}

    /** The record that a JSON object describes; fields that are absent get their defaults. */
    static <T extends SpecificRecordBase> T read(JsonNode node, Class<T> type, String where) {
        return type.cast(record(node, SpecificData.get().getSchema(type), where));
    }

    private static @Nullable Object value(JsonNode node, Schema schema, String where, String name) {
        return switch (schema.getType()) {
            case UNION -> node.isNull() ? null : value(node, schema.getTypes().get(1), where, name);
            case RECORD -> record(node, schema, where + ": " + name);
            case ARRAY -> list(node, schema, where, name);
            case ENUM -> symbol(node, schema, where, name);
            case STRING -> require(node.isTextual(), node.asText(), where, name, "a text");
            case INT ->
                require(node.isIntegralNumber() && node.canConvertToInt(), node.asInt(), where, name, "a whole number");
            case LONG ->
                require(
                        node.isIntegralNumber() && node.canConvertToLong(),
                        node.asLong(),
                        where,
                        name,
                        "a whole number");
            case DOUBLE -> require(node.isNumber(), node.asDouble(), where, name, "a number");
            case BOOLEAN -> require(node.isBoolean(), node.asBoolean(), where, name, "true or false");
            case MAP -> map(node, schema, where, name);
            case FIXED, BYTES, FLOAT, NULL -> throw invalid(where, name, "cannot be given in a file");
        };
    }

    private static Object record(JsonNode node, Schema schema, String where) {
        if (!node.isObject()) {
            throw new TessellateException(
                    ErrorCode.INVALID_MANIFEST, "%s must hold fields by name, not %s".formatted(where, node));
        }
        SpecificRecordBase record = (SpecificRecordBase) SpecificData.get().newRecord(null, schema);
        for (Schema.Field field : schema.getFields()) {
            if (field.hasDefaultValue()) {
                record.put(field.pos(), SpecificData.get().getDefaultValue(field));
            }
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            Schema.Field field = schema.getField(entry.getKey());
            if (field == null) {
                throw invalid(where, entry.getKey(), "is unknown; known are " + names(schema));
            }
            record.put(field.pos(), value(entry.getValue(), field.schema(), where, entry.getKey()));
        }
        return record;
    }

    private static Object list(JsonNode node, Schema schema, String where, String name) {
        require(node.isArray(), node, where, name, "a list");
        List<@Nullable Object> values = new ArrayList<>();
        for (JsonNode element : node) {
            values.add(value(element, schema.getElementType(), where, name));
        }
        return values;
    }

    private static Object map(JsonNode node, Schema schema, String where, String name) {
        require(node.isObject(), node, where, name, "an object");
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> values.put(
                        entry.getKey(),
                        value(entry.getValue(), schema.getValueType(), where, name + "." + entry.getKey())));
        return values;
    }

    private static Object symbol(JsonNode node, Schema schema, String where, String name) {
        String symbol = node.asText().toUpperCase(Locale.ROOT);
        if (!schema.getEnumSymbols().contains(symbol)) {
            throw invalid(where, name, "is '%s'; known are %s".formatted(node.asText(), schema.getEnumSymbols()));
        }
        return SpecificData.get().createEnum(symbol, schema);
    }

    private static Object require(boolean fits, Object value, String where, String name, String kind) {
        if (!fits) {
            throw invalid(where, name, "must be " + kind + ": " + value);
        }
        return value;
    }

    private static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Schema.Field::name).toList();
    }

    private static TessellateException invalid(String where, String name, String why) {
        return new TessellateException(ErrorCode.INVALID_MANIFEST, "%s: field '%s' %s".formatted(where, name, why));
    }
}
