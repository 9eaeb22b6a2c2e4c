package io.tessellate.file;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where and why a text is no JSON. The parser decides whether it is; this looks for the first fault when it is not, so that a
 * user reads our words and the place, not the parser's.
 *
 * @param at index in the text
 * @param what is wrong there
 */
record JsonFault(int at, String what) {
    /** Nested more deeply than the parser allows. */
    private static final int DEEPEST = 900;

    /** The first fault of a text that should be one JSON value; empty if none is seen. */
    static Optional<JsonFault> in(String text) {
        try {
            new Scan(text).document();
            return Optional.empty();
        } catch (FoundException e) {
            return Optional.of(e.fault);
        }
    }

    /** A character as a message shows it. */
    static String shown(int character) {
        return Character.isISOControl(character) || Character.getType(character) == Character.FORMAT
                ? String.format(Locale.ROOT, "U+%04X", character)
                : "'" + Character.toString(character) + "'";
    }

    /** Leaves the scan; without stack trace. */
    private static final class FoundException extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient JsonFault fault;

        FoundException(int at, String what) {
            super(what, null, false, false);
            this.fault = new JsonFault(at, what);
        }
    }

    /** One pass over a text. */
    private static final class Scan {
        private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
        private static final Pattern WORD = Pattern.compile("[-+.\\p{L}\\p{N}_]+");
        private static final Set<String> LITERALS = Set.of("true", "false", "null");
        private static final Set<String> NO_NUMBERS =
                Set.of("NaN", "nan", "NAN", "Infinity", "-Infinity", "+Infinity", "inf", "-inf", "Inf", "-Inf", "INF");
        private static final Map<String, String> PYTHON = Map.of("True", "true", "False", "false", "None", "null");

        private final String text;
        private final Deque<String> path = new ArrayDeque<>();
        private int at;
        private int depth;

        Scan(String text) {
            this.text = text;
        }

        void document() throws FoundException {
            value();
            space();
            if (at < text.length()) {
                throw behind();
            }
        }

        /** What stands where a text should have ended. */
        private FoundException behind() {
            return switch (text.charAt(at)) {
                case '{' -> fault("a second object begins here, where nothing more may stand");
                case ',' -> fault("a comma stands behind the value, where nothing more may stand");
                default ->
                    fault(shown(text.codePointAt(at)) + " stands behind the value, where nothing more may stand");
            };
        }

        private void value() throws FoundException {
            space();
            if (at == text.length()) {
                throw fault("it ends where a value is due");
            }
            switch (text.charAt(at)) {
                case '{' -> object();
                case '[' -> list();
                case '"' -> string();
                default -> word();
            }
        }

        private void object() throws FoundException {
            int begin = open();
            Set<String> names = new HashSet<>();
            if (closes('}')) {
                return;
            }
            do {
                space();
                if (at < text.length() && text.charAt(at) == '}') {
                    throw fault("a comma stands before this '}'");
                }
                int nameAt = at;
                String name = name(begin);
                if (!names.add(name)) {
                    throw new FoundException(nameAt, "field '%s' stands twice in one object".formatted(name));
                }
                if (!take(':')) {
                    throw due(begin, "a ':' is due behind the name '%s'".formatted(name));
                }
                path.push(name);
                value();
                path.pop();
            } while (take(','));
            if (!closes('}')) {
                throw due(begin, "a ',' or '}' is due");
            }
        }

        private String name(int begin) throws FoundException {
            if (at == text.length()) {
                throw due(begin, "");
            }
            if (text.charAt(at) != '"') {
                throw fault("a field's name in double quotes is due, not " + shown(text.codePointAt(at)));
            }
            int from = at;
            string();
            return text.substring(from + 1, at - 1);
        }

        private void list() throws FoundException {
            int begin = open();
            if (closes(']')) {
                return;
            }
            do {
                space();
                if (at < text.length() && text.charAt(at) == ']') {
                    throw fault("a comma stands before this ']'");
                }
                value();
            } while (take(','));
            if (!closes(']')) {
                throw due(begin, "a ',' or ']' is due");
            }
        }

        private int open() throws FoundException {
            if (depth++ == DEEPEST) {
                throw fault("values are nested more than %d deep".formatted(DEEPEST));
            }
            return at++;
        }

        private boolean closes(char end) {
            boolean closed = take(end);
            depth -= closed ? 1 : 0;
            return closed;
        }

        private void string() throws FoundException {
            int begin = at++;
            while (at < text.length() && text.charAt(at) != '"') {
                if (text.charAt(at) < ' ') {
                    throw fault("%s stands unescaped in a text".formatted(shown(text.charAt(at))));
                }
                at += text.charAt(at) == '\\' ? escape() : 1;
            }
            if (at >= text.length()) {
                throw new FoundException(begin, "the text that begins here is not closed");
            }
            at++;
        }

        private int escape() throws FoundException {
            if (at + 1 == text.length()) {
                return 1;
            }
            char kind = text.charAt(at + 1);
            if (kind == 'u') {
                if (at + 6 > text.length() || !text.substring(at + 2, at + 6).matches("[0-9a-fA-F]{4}")) {
                    throw fault("\\u needs four hex digits");
                }
                return 6;
            }
            if ("\"\\/bfnrt".indexOf(kind) < 0) {
                throw fault("a backslash before %s is no escape of JSON".formatted(shown(kind)));
            }
            return 2;
        }

        private void word() throws FoundException {
            Matcher word = WORD.matcher(text).region(at, text.length());
            String found = word.lookingAt() ? word.group() : "";
            if (NO_NUMBERS.contains(found)) {
                throw fault("%s %s, which is no JSON number: leave it out or write null".formatted(holder(), found));
            }
            if (PYTHON.containsKey(found)) {
                throw fault("%s %s, which is Python's: JSON writes %s".formatted(holder(), found, PYTHON.get(found)));
            }
            if (found.isEmpty()) {
                throw fault(strange(text.codePointAt(at)));
            }
            if (!LITERALS.contains(found) && !NUMBER.matcher(found).matches()) {
                throw fault("%s %s, which is no JSON value".formatted(holder(), abbreviate(found)));
            }
            at += found.length();
        }

        private String strange(int character) {
            return switch (character) {
                case '\'' -> "a text stands in single quotes: JSON has double ones";
                case '/', '#' -> "%s is no JSON value: JSON has no comments".formatted(shown(character));
                default -> "%s stands where a value is due".formatted(shown(character));
            };
        }

        private String holder() {
            return path.isEmpty() ? "here stands" : "field '%s' holds".formatted(path.peek());
        }

        private static String abbreviate(String word) {
            return "'" + (word.length() <= 30 ? word : word.substring(0, 30) + "…") + "'";
        }

        private FoundException due(int begin, String otherwise) {
            space();
            if (at < text.length()) {
                return fault(otherwise + ", not " + shown(text.codePointAt(at)));
            }
            String kind = text.charAt(begin) == '{' ? "object" : "list";
            return new FoundException(begin, "the %s that begins here is not closed".formatted(kind));
        }

        private boolean take(char wanted) {
            space();
            boolean there = at < text.length() && text.charAt(at) == wanted;
            at += there ? 1 : 0;
            return there;
        }

        private void space() {
            while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private FoundException fault(String what) {
            return new FoundException(at, what);
        }
    }
}
