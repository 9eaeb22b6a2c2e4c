package io.tessellate.pipeline.reproduce;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Something that numbers depend on and that is not now as it was then.
 *
 * @param name of the fact, for example {@code backend}
 * @param then as the run's worker published it; empty where it said nothing of it
 * @param now of this machine; empty where there is no such thing
 */
public record MachineFact(String name, String then, String now) {
    static List<MachineFact> differences(Map<String, String> then, Map<String, String> now) {
        TreeSet<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        return names.stream()
                .map(name -> new MachineFact(name, then.getOrDefault(name, ""), now.getOrDefault(name, "")))
                .filter(fact -> !fact.then().equals(fact.now()))
                .toList();
    }

    /** For people. */
    public String text() {
        return "%s was %s, is %s".formatted(name, said(then), said(now));
    }

    private static String said(String value) {
        return value.isEmpty() ? "not said" : value;
    }
}
