package io.tessellate.engine.backend;

/**
 * Rows to be read from a table.
 *
 * @param table in the backend's memory
 * @param rows which of its rows, in their order; they may repeat
 */
public record Lookup(Matrix table, int[] rows) {}
