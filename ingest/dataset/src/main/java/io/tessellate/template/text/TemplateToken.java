package io.tessellate.template.text;

/**
 * A piece of a template.
 *
 * @param text of a text or a string what it means, of anything else what is written
 * @param at offset in the source
 */
public record TemplateToken(Kind kind, String text, int at) {
    public enum Kind {
        DATA,
        BLOCK_BEGIN,
        BLOCK_END,
        VARIABLE_BEGIN,
        VARIABLE_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    public boolean is(Kind other, String written) {
        return kind == other && text.equals(written);
    }

    /** What is written there, for messages. */
    public String words() {
        return switch (kind) {
            case DATA -> "text";
            case BLOCK_END, VARIABLE_END -> "the end of the tag";
            case END -> "the end of the template";
            case BLOCK_BEGIN, VARIABLE_BEGIN, NAME, STRING, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
        };
    }
}
