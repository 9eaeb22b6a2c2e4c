package io.tessellate.mask;

import java.util.Arrays;

/**
 * The layer that a tensor belongs to, as tensors' names say it: everything up to the first number, for example
 * {@code encoder.layer.3} of {@code encoder.layer.3.attention.self.query.weight}. A tensor without a number is a layer of its own.
 *
 * @param value the name
 */
public record LayerName(String value) implements Comparable<LayerName> {
    /** The layer of a tensor. */
    public static LayerName of(String tensor) {
        String[] parts = tensor.split("\\.");
        for (int part = 0; part < parts.length; part++) {
            if (!parts[part].isEmpty() && parts[part].chars().allMatch(Character::isDigit)) {
                return new LayerName(String.join(".", Arrays.copyOf(parts, part + 1)));
            }
        }
        return new LayerName(tensor);
    }

    /** Its number, or -1 where it has none. */
    public int number() {
        String last = value.substring(value.lastIndexOf('.') + 1);
        boolean numbered = !last.isEmpty() && last.length() < 10 && last.chars().allMatch(Character::isDigit);
        return numbered ? Integer.parseInt(last) : -1;
    }

    /** By number, then by name. */
    @Override
    public int compareTo(LayerName other) {
        int byNumber = Integer.compare(number(), other.number());
        return byNumber != 0 ? byNumber : value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
