package io.tessellate.mask.adapter;

import static io.tessellate.mask.adapter.MalformedAdapterException.require;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.safetensors.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A JSON object of the metadata, field by field. */
final class MetadataFields {
    private final String what;
    private final JsonNode node;

    private MetadataFields(String what, JsonNode node) {
        this.what = what;
        this.node = node;
    }

    /** An object by itself. */
    static MetadataFields single(String what, JsonNode object) throws MalformedAdapterException {
        require(object.isObject(), "metadata '%s' must be a JSON object", what);
        return new MetadataFields(what, object);
    }

    /** The objects of an array, in strictly ascending order of their names. */
    static List<MetadataFields> list(String what, JsonNode array) throws MalformedAdapterException {
        require(array.isArray(), "metadata '%s' must be a JSON array", what);
        List<MetadataFields> list = new ArrayList<>();
        String last = "";
        for (JsonNode node : array) {
            MetadataFields fields = new MetadataFields("%s[%d]".formatted(what, list.size()), node);
            String name = fields.text("name");
            require(name.compareTo(last) > 0, "%s must ascend by name: '%s' after '%s'", what, name, last);
            list.add(new MetadataFields("%s '%s'".formatted(what, name), node));
            last = name;
        }
        return list;
    }

    /** Refuses any other set of fields. */
    void requireExactly(String... names) throws MalformedAdapterException {
        requireExactly(names(), names);
    }

    /** The same, and one more field may be there. */
    void requireExactlyBut(String optional, String... names) throws MalformedAdapterException {
        Set<String> found = names();
        found.remove(optional);
        requireExactly(found, names);
    }

    private Set<String> names() {
        Set<String> found = new HashSet<>();
        node.fieldNames().forEachRemaining(found::add);
        return found;
    }

    private void requireExactly(Set<String> found, String... names) throws MalformedAdapterException {
        require(found.equals(Set.of(names)), "%s must have the fields %s: %s", what, List.of(names), found);
    }

    String text(String field) throws MalformedAdapterException {
        JsonNode value = node.path(field);
        require(value.isTextual(), "%s must have a text '%s'", what, field);
        return value.textValue();
    }

    /** Whether a field is there that can only be true. */
    boolean flag(String field) throws MalformedAdapterException {
        JsonNode value = node.path(field);
        require(
                value.isMissingNode() || value.isBoolean() && value.booleanValue(),
                "%s must have '%s' only as true",
                what,
                field);
        return !value.isMissingNode();
    }

    int number(String field, int least, int most) throws MalformedAdapterException {
        JsonNode value = node.path(field);
        boolean fits = value.isIntegralNumber() && value.canConvertToInt();
        require(
                fits && value.intValue() >= least && value.intValue() <= most,
                "%s must have a number '%s' from %d to %d",
                what,
                field,
                least,
                most);
        return value.intValue();
    }

    double real(String field) throws MalformedAdapterException {
        JsonNode value = node.path(field);
        require(value.isNumber(), "%s must have a number '%s'", what, field);
        return value.doubleValue();
    }

    long seed() throws MalformedAdapterException {
        String text = text("seed");
        try {
            long seed = Long.parseLong(text);
            require(Long.toString(seed).equals(text), "%s must have a plain decimal seed: %s", what, text);
            return seed;
        } catch (NumberFormatException e) {
            throw new MalformedAdapterException("%s must have a 64-bit decimal seed: %s".formatted(what, text));
        }
    }

    Shape shape() throws MalformedAdapterException {
        JsonNode array = node.path("shape");
        require(array.isArray(), "%s must have a 'shape'", what);
        List<Long> dimensions = new ArrayList<>();
        for (JsonNode dimension : array) {
            require(
                    dimension.isIntegralNumber() && dimension.canConvertToLong(),
                    "%s must have a shape of numbers: %s",
                    what,
                    dimension);
            dimensions.add(dimension.longValue());
        }
        Shape shape = new Shape(dimensions);
        TensorLimits.requireShape(what, shape);
        return shape;
    }

    @Override
    public String toString() {
        return what;
    }
}
