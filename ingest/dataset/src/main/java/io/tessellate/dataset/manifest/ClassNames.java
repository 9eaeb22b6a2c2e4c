package io.tessellate.dataset.manifest;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The names of a task's classes, and which of them a label means. A name is looked up as text first. Where names are numbers
 * themselves, a number is one of them, however it is written ({@code 1}, {@code 1.0}, {@code "01"}), and never a position;
 * where none is, a number is a position, counted from 0.
 */
public final class ClassNames {
    private final List<String> names;
    private final Map<String, Integer> byText = new HashMap<>();
    /** Of the names that are numbers. */
    private final Map<BigDecimal, List<Integer>> byValue = new HashMap<>();

    public ClassNames(List<String> names) {
        this.names = List.copyOf(names);
        for (int i = 0; i < names.size(); i++) {
            int position = i;
            byText.putIfAbsent(names.get(i), i);
            number(names.get(i))
                    .ifPresent(value -> byValue.computeIfAbsent(value, v -> new ArrayList<>())
                            .add(position));
        }
    }

    public int size() {
        return names.size();
    }

    public String name(int position) {
        return names.get(position);
    }

    /** Whether a number is one of the names rather than a position. */
    public boolean numbered() {
        return !byValue.isEmpty();
    }

    /**
     * The names that are numbers and could be taken for positions too, where others are no numbers and can be given by
     * position only: what a number means is then anybody's guess. Empty if names are clear.
     */
    List<String> ambiguous() {
        if (byText.keySet().stream().allMatch(name -> number(name).isPresent())) {
            return List.of();
        }
        BigDecimal end = BigDecimal.valueOf(names.size());
        return names.stream()
                .filter(name -> number(name)
                        .filter(value -> value.signum() >= 0 && value.compareTo(end) < 0)
                        .isPresent())
                .toList();
    }

    /** The class of this very name. */
    public Optional<Integer> named(String text) {
        return Optional.ofNullable(byText.get(text));
    }

    /** The class that a truth value names, in any case of letters; empty if no name is one. */
    public Optional<Integer> named(boolean truth) {
        return IntStream.range(0, names.size())
                .filter(i -> names.get(i).equalsIgnoreCase(String.valueOf(truth)))
                .boxed()
                .findFirst();
    }

    /** Whether some name is a truth value, so that a truth value is a name and nothing else. */
    public boolean truths() {
        return named(true).isPresent() || named(false).isPresent();
    }

    /** The only class whose name has this value as a number. */
    public Optional<Integer> valued(BigDecimal value) {
        List<Integer> found = byValue.getOrDefault(value, List.of());
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }

    /** What a message says of them. */
    public String listed() {
        return Quotation.listed(names);
    }

    /** The number that a text is, in the form in which equal numbers are equal. */
    public static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text.strip()).stripTrailingZeros());
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
