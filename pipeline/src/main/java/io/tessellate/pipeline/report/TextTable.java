package io.tessellate.pipeline.report;

import io.tessellate.error.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Columns of text: numbers to the right, everything else to the left. */
public final class TextTable {
    private static final Pattern NUMBER = Pattern.compile("-|[-+]?[0-9][0-9.,]*( ?%)?");
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these columns. */
    public TextTable(String... header) {
        rows.add(Arrays.asList(header));
    }

    TextTable(List<String> header) {
        rows.add(List.copyOf(header));
    }

    /** A row; what would break a cell out of its row is escaped. */
    TextTable row(List<String> cells) {
        rows.add(cells.stream().map(Printable::line).toList());
        return this;
    }

    /** A row; what would break a cell out of its row is escaped. */
    public TextTable row(String... cells) {
        return row(Arrays.asList(cells));
    }

    /** A score as a cell; a dash where there is none. */
    public static String score(@Nullable Double value) {
        return Numbers.score(value);
    }

    /** A number of things as a cell. */
    public static String count(long value) {
        return Numbers.count(value);
    }

    /** A share as a cell. */
    public static String percent(double share) {
        return Numbers.percent(share);
    }

    @Override
    public String toString() {
        int columns = rows.get(0).size();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = column < row.size() ? row.get(column) : "";
                String space = " ".repeat(width(column) - cell.length());
                line.append(right(column) ? space + cell : cell + space).append(GAP);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return cells(column).mapToInt(String::length).max().orElse(0);
    }

    /** Whether all cells under the header are numbers or empty. */
    private boolean right(int column) {
        return column > 0
                && rows.size() > 1
                && cells(column)
                        .skip(1)
                        .allMatch(cell -> cell.isEmpty() || NUMBER.matcher(cell).matches());
    }

    private java.util.stream.Stream<String> cells(int column) {
        return rows.stream().map(row -> column < row.size() ? row.get(column) : "");
    }
}
