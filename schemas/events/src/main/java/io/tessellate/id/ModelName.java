package io.tessellate.id;

/** Name of a registered model. */
public record ModelName(String value) implements Comparable<ModelName> {
    public ModelName {
        Names.require("model", value);
    }

    @Override
    public int compareTo(ModelName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
