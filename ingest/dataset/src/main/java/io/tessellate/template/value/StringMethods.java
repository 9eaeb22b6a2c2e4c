package io.tessellate.template.value;

import io.tessellate.template.text.Strings;
import io.tessellate.template.text.TemplateFault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Methods of texts. Those of Python that are not here are refused by name, not taken for undefined. */
final class StringMethods {
    private static final Set<String> UNKNOWN = Set.of(
            "casefold",
            "center",
            "encode",
            "expandtabs",
            "format",
            "format_map",
            "isascii",
            "isdecimal",
            "isidentifier",
            "isnumeric",
            "isprintable",
            "istitle",
            "ljust",
            "maketrans",
            "rjust",
            "swapcase",
            "translate",
            "zfill");

    private StringMethods() {}

    static Object of(String text, String name) {
        return switch (name) {
            case "strip" -> trimming(text, true, true);
            case "lstrip" -> trimming(text, true, false);
            case "rstrip" -> trimming(text, false, true);
            case "upper" -> plain(text.toUpperCase(Locale.ROOT));
            case "lower" -> plain(text.toLowerCase(Locale.ROOT));
            case "title" -> plain(Strings.titled(text));
            case "capitalize" -> plain(Strings.capitalized(text));
            case "startswith" -> (Function) (given, run) -> any(given.only("prefix"), text::startsWith);
            case "endswith" -> (Function) (given, run) -> any(given.only("suffix"), text::endsWith);
            case "removeprefix" ->
                (Function) (given, run) -> {
                    String prefix = TemplateValues.text(given.only("prefix"));
                    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
                };
            case "removesuffix" ->
                (Function) (given, run) -> {
                    String suffix = TemplateValues.text(given.only("suffix"));
                    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
                };
            case "isdigit" -> plain(!text.isEmpty() && text.codePoints().allMatch(Character::isDigit));
            case "isalpha" -> plain(!text.isEmpty() && text.codePoints().allMatch(Character::isLetter));
            case "isalnum" -> plain(!text.isEmpty() && text.codePoints().allMatch(Character::isLetterOrDigit));
            case "isspace" -> plain(!text.isEmpty() && Strings.isBlank(text));
            case "isupper" -> plain(cased(text) && text.equals(text.toUpperCase(Locale.ROOT)));
            case "islower" -> plain(cased(text) && text.equals(text.toLowerCase(Locale.ROOT)));
            default -> searching(text, name);
        };
    }

    private static Object searching(String text, String name) {
        return switch (name) {
            case "find" -> (Function) (given, run) -> place(text, text.indexOf(TemplateValues.text(given.only("sub"))));
            case "rfind" ->
                (Function) (given, run) -> place(text, text.lastIndexOf(TemplateValues.text(given.only("sub"))));
            case "index" ->
                (Function) (given, run) -> {
                    int found = text.indexOf(TemplateValues.text(given.only("sub")));
                    if (found < 0) {
                        throw TemplateFault.here("the text is not found");
                    }
                    return place(text, found);
                };
            case "count" -> (Function) (given, run) -> count(text, TemplateValues.text(given.only("sub")));
            case "replace" -> (Function) (given, run) -> replaced(text, given, run);
            case "split" -> (Function) (given, run) -> split(text, given, false, run);
            case "rsplit" -> (Function) (given, run) -> split(text, given, true, run);
            case "splitlines" ->
                (Function) (given, run) -> {
                    run.make(text.length());
                    given.bind();
                    return new ArrayList<Object>(text.lines().toList());
                };
            case "partition" ->
                (Function) (given, run) -> partition(text, TemplateValues.text(given.only("sep")), false);
            case "rpartition" ->
                (Function) (given, run) -> partition(text, TemplateValues.text(given.only("sep")), true);
            case "join" ->
                (Function) (given, run) -> joined(text, TemplateValues.elements(given.only("iterable"), run), run);
            default -> {
                if (UNKNOWN.contains(name)) {
                    throw TemplateFault.here("the text method '%s' is not known here", name);
                }
                yield new Undefined("'" + name + "'");
            }
        };
    }

    private static Function plain(Object result) {
        return (given, run) -> {
            given.bind();
            return result;
        };
    }

    private static boolean cased(String text) {
        return text.codePoints().anyMatch(p -> Character.isUpperCase(p) || Character.isLowerCase(p));
    }

    private static Function trimming(String text, boolean start, boolean end) {
        return (given, run) -> {
            Object set = given.bind("chars")[0];
            run.make(text.length() / 8);
            if (set == null || set instanceof Nothing) {
                String front = start ? Strings.stripStart(text) : text;
                return end ? Strings.stripEnd(front) : front;
            }
            String front = start ? Strings.stripStart(text, TemplateValues.text(set)) : text;
            return end ? Strings.stripEnd(front, TemplateValues.text(set)) : front;
        };
    }

    private static boolean any(Object given, java.util.function.Predicate<String> holds) {
        return given instanceof Collection<?> several
                ? several.stream().map(TemplateValues::text).anyMatch(holds)
                : holds.test(TemplateValues.text(given));
    }

    private static long place(String text, int found) {
        return found < 0 ? found : text.codePointCount(0, found);
    }

    private static long count(String text, String part) {
        if (part.isEmpty()) {
            return Strings.length(text) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** The text with one part put for another, at most so often. */
    static String replaced(String text, Arguments given, Run run) {
        @Nullable Object[] bound = given.bind("old", "new", "count");
        if (bound[0] == null || bound[1] == null) {
            throw TemplateFault.here("replace needs what and by what");
        }
        String old = TemplateValues.text(bound[0]);
        String by = TemplateValues.text(bound[1]);
        int most = bound[2] == null || bound[2] instanceof Nothing ? -1 : TemplateValues.index(bound[2]);
        run.make(text.length() + Math.min(most < 0 ? Long.MAX_VALUE : most, count(text, old)) * by.length());
        if (most < 0) {
            return text.replace(old, by);
        }
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        int at = text.indexOf(old);
        for (int done = 0; done < most && at >= 0 && !old.isEmpty(); done++) {
            replaced.append(text, from, at).append(by);
            from = at + old.length();
            at = text.indexOf(old, from);
        }
        return replaced.append(text.substring(from)).toString();
    }

    private static List<Object> split(String text, Arguments given, boolean fromEnd, Run run) {
        @Nullable Object[] bound = given.bind("sep", "maxsplit");
        int most = bound[1] == null ? -1 : TemplateValues.index(bound[1]);
        run.make(text.length());
        most = most < 0 ? Integer.MAX_VALUE : most;
        if (bound[0] == null || bound[0] instanceof Nothing) {
            return Splitting.atSpace(text, most, fromEnd);
        }
        String mark = TemplateValues.text(bound[0]);
        if (mark.isEmpty()) {
            throw TemplateFault.here("a text cannot be split at an empty one");
        }
        return Splitting.at(text, mark, most, fromEnd);
    }

    private static Tuple partition(String text, String mark, boolean last) {
        int at = last ? text.lastIndexOf(mark) : text.indexOf(mark);
        if (at < 0) {
            return new Tuple(last ? List.of("", "", text) : List.of(text, "", ""));
        }
        return new Tuple(List.of(text.substring(0, at), mark, text.substring(at + mark.length())));
    }

    private static String joined(String between, List<Object> parts, Run run) {
        run.make((long) between.length() * parts.size());
        return run.made(
                String.join(between, parts.stream().map(TemplateValues::text).toList()));
    }
}
