package io.tessellate.template.text;

import java.util.Locale;

/** What is wrong with a template or what it is given. Without stack trace, since bad records may be many. */
public final class TemplateFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int at;
    private final boolean raised;

    /** A fault at an offset of the source. */
    public TemplateFault(int at, String format, Object... arguments) {
        this(String.format(Locale.ROOT, format, arguments), at, false);
    }

    private TemplateFault(String message, int at, boolean raised) {
        super(message, null, false, false);
        this.at = at;
        this.raised = raised;
    }

    /** A fault wherever rendering is. */
    public static TemplateFault here(String format, Object... arguments) {
        return new TemplateFault(0, format, arguments);
    }

    /** What the template itself says of what it is given: {@code raise_exception}. */
    public static TemplateFault raised(String message) {
        return new TemplateFault(message, 0, true);
    }

    /** Whether the template itself says so. */
    public boolean isRaised() {
        return raised;
    }

    /** Offset in the source. */
    public int at() {
        return at;
    }

    /** What is wrong. */
    public String what() {
        return String.valueOf(getMessage());
    }
}
