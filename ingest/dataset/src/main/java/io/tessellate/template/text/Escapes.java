package io.tessellate.template.text;

/** Escape sequences in a template's string literals, as Python reads them. */
final class Escapes {
    private static final String SIMPLE = "abfnrtv\\'\"";
    private static final String MEANING = "\u0007\b\f\n\r\t\u000b\\'\"";
    private static final int HEX = 16;
    private static final int OCTAL = 8;
    private static final int MOST_OCTAL_DIGITS = 3;

    private final String written;
    private final int at;
    private final StringBuilder read = new StringBuilder();
    private int next;

    private Escapes(String written, int at) {
        this.written = written;
        this.at = at;
    }

    /**
     * The text that a literal means.
     *
     * @param at where it stands, for messages
     */
    static String read(String written, int at) {
        return written.indexOf('\\') < 0 ? written : new Escapes(written, at).read();
    }

    private String read() {
        while (next < written.length()) {
            char c = written.charAt(next++);
            if (c == '\\' && next < written.length()) {
                escape(written.charAt(next++));
            } else {
                read.append(c);
            }
        }
        return read.toString();
    }

    private void escape(char c) {
        int simple = SIMPLE.indexOf(c);
        if (simple >= 0) {
            read.append(MEANING.charAt(simple));
            return;
        }
        switch (c) {
            case '\n' -> {}
            case 'x' -> point(2);
            case 'u' -> point(4);
            case 'U' -> point(8);
            case 'N' -> throw new TemplateFault(at, "'\\N{...}' is not known here: write the character itself");
            default -> {
                if (c >= '0' && c < '0' + OCTAL) {
                    octal();
                } else {
                    read.append('\\').append(c);
                }
            }
        }
    }

    private void octal() {
        int value = written.charAt(next - 1) - '0';
        for (int digits = 1; digits < MOST_OCTAL_DIGITS && next < written.length(); digits++) {
            int digit = written.charAt(next) - '0';
            if (digit < 0 || digit >= OCTAL) {
                break;
            }
            value = value * OCTAL + digit;
            next++;
        }
        read.append((char) value);
    }

    private void point(int digits) {
        int end = next + digits;
        int value = end <= written.length() ? parse(written.substring(next, end)) : -1;
        if (!Character.isValidCodePoint(value)) {
            throw new TemplateFault(at, "the text holds an escape that is cut off or means no character");
        }
        read.appendCodePoint(value);
        next = end;
    }

    private static int parse(String hex) {
        int value = 0;
        for (int i = 0; i < hex.length(); i++) {
            int digit = Character.digit(hex.charAt(i), HEX);
            if (digit < 0 || value > Character.MAX_CODE_POINT) {
                return -1;
            }
            value = value * HEX + digit;
        }
        return value;
    }
}
