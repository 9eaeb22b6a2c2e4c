package io.tessellate.pipeline.architecture;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How large things may grow before they are cut in pieces.
 *
 * @param of what is counted
 * @param most of it
 * @param sizes of everything, by its name
 * @param larger what may be larger, each with its reason; it must be larger, so that a reason goes when it holds no more
 */
record Budget(String of, int most, Map<String, Integer> sizes, Map<String, String> larger) {

    static Budget ofFileLines(int most, Map<String, String> larger) {
        Map<String, Integer> sizes = SourceCode.MAIN.files().stream()
                .collect(Collectors.toMap(SourceCode.SourceFile::name, SourceCode.SourceFile::lines, Math::max));
        return new Budget("lines of a file", most, sizes, larger);
    }

    static Budget ofMethodLines(int most, Map<String, String> larger) {
        Map<String, Integer> sizes = SourceCode.MAIN.files().stream()
                .flatMap(file -> file.methods().stream())
                .collect(Collectors.toMap(SourceCode.SourceMethod::name, SourceCode.SourceMethod::lines, Math::max));
        return new Budget("lines of a method", most, sizes, larger);
    }

    static Budget ofPackageTypes(int most, Map<String, String> larger) {
        Map<String, Integer> sizes = SourceCode.MAIN.files().stream()
                .collect(Collectors.toMap(
                        SourceCode.SourceFile::packageName, SourceCode.SourceFile::types, Integer::sum));
        return new Budget("types of a package", most, sizes, larger);
    }

    static Budget ofPublicTypes(int most, Map<String, String> larger) {
        Map<String, Integer> sizes = SourceCode.MAIN.files().stream()
                .collect(Collectors.toMap(
                        SourceCode.SourceFile::packageName, SourceCode.SourceFile::publicTypes, Integer::sum));
        return new Budget("public types of a package", most, sizes, larger);
    }

    /** What is larger than it may be without a reason, with its size. */
    Map<String, Integer> outgrown() {
        Map<String, Integer> over = new TreeMap<>(sizes);
        over.values().removeIf(size -> size <= most);
        over.keySet().removeAll(larger.keySet());
        return over;
    }

    /** Reasons that nothing needs. */
    Set<String> idleReasons() {
        Set<String> idle = new TreeSet<>(larger.keySet());
        idle.removeIf(name -> sizes.getOrDefault(name, 0) > most);
        return idle;
    }

    @Override
    public String toString() {
        return "at most %d %s".formatted(most, of);
    }
}
