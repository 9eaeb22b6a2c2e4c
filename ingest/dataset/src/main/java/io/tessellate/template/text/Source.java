package io.tessellate.template.text;

/**
 * A template's text with one kind of line end, without the line end at its very end.
 *
 * @param text of the template
 */
public record Source(String text) {
    /** Brings line ends into one form. */
    public Source {
        text = text.replace("\r\n", "\n").replace('\r', '\n');
        text = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    }

    /** Where an offset is, for people. */
    public String place(int offset) {
        int end = Math.min(offset, text.length());
        int line = 1 + (int) text.chars().limit(end).filter(c -> c == '\n').count();
        int column = end - text.lastIndexOf('\n', end - 1);
        return "line %d, column %d".formatted(line, column);
    }
}
