package io.tessellate.pipeline.report;

/** An answer of the command line. */
public interface Report {
    /** What {@code --output json} prints: maps, lists, numbers, texts and null. */
    Object json();

    /** What {@code --output table} prints; ends with a line break. */
    String text();
}
