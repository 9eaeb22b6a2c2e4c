package io.tessellate.runtime.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The keys that a set of mappings reads; a key of theirs may hold {@code *} for any one name, or end in a map. */
record KnownKeys(Set<String> names) {
    static KnownKeys of(Collection<Class<?>> mappings) {
        Set<String> names = new TreeSet<>();
        for (Class<?> mapping : mappings) {
            names.addAll(ConfigMappings.getProperties(ConfigClass.configClass(mapping))
                    .keySet());
        }
        return new KnownKeys(names);
    }

    /** One line for every given key that nothing reads. */
    List<String> problems(Collection<String> given) {
        return given.stream()
                .filter(key -> names.stream().noneMatch(known -> matches(known, key)))
                .sorted()
                .map(key -> "unknown key '%s'; the nearest known one is '%s'".formatted(key, nearest(key)))
                .toList();
    }

    private static boolean matches(String known, String key) {
        String pattern = Pattern.quote(known).replace("*", "\\E.+\\Q").replace("[\\E.+\\Q]", "\\E\\[\\d+\\]\\Q");
        return Pattern.matches(pattern, key);
    }

    private String nearest(String key) {
        return names.stream()
                .min(Comparator.comparingInt(known -> distance(known, key)))
                .orElse("none");
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
