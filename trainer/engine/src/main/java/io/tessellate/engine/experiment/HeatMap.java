package io.tessellate.engine.experiment;

import java.util.List;
import java.util.Locale;

/**
 * An accuracy matrix as a picture: row k after task k was learnt, column j the score of task j, darker is better.
 *
 * @param title what stands above
 * @param tasks in the stream's order
 * @param rows lower triangle of scores
 */
record HeatMap(String title, List<String> tasks, List<List<Double>> rows) {
    private static final int CELL_WIDTH = 84;
    private static final int CELL_HEIGHT = 32;
    private static final int LEFT = 130;
    private static final int TOP = 60;
    /** From here on a white number is easier to read. */
    private static final double DARK = 0.6;

    String svg() {
        Svg svg = new Svg(LEFT + CELL_WIDTH * tasks.size() + 10, TOP + CELL_HEIGHT * rows.size() + 10);
        svg.label(10, 20, "start", "#000000", title);
        for (int k = 0; k < rows.size(); k++) {
            svg.label(LEFT - 8, TOP + CELL_HEIGHT * (k + 0.65), "end", "#000000", "after " + tasks.get(k));
            svg.label(LEFT + CELL_WIDTH * (k + 0.5), TOP - 8, "middle", "#000000", tasks.get(k));
            for (int j = 0; j < rows.get(k).size(); j++) {
                cell(svg, k, j, rows.get(k).get(j));
            }
        }
        return svg.finish();
    }

    private static void cell(Svg svg, int row, int column, double score) {
        double x = LEFT + (double) CELL_WIDTH * column;
        double y = TOP + (double) CELL_HEIGHT * row;
        svg.rectangle(x, y, CELL_WIDTH - 1, CELL_HEIGHT - 1, colour(score));
        svg.label(
                x + CELL_WIDTH / 2.0,
                y + 0.65 * CELL_HEIGHT,
                "middle",
                score > DARK ? "#ffffff" : "#000000",
                String.format(Locale.ROOT, "%.3f", score));
    }

    /** White at 0 and below, a dark blue at 1. */
    private static String colour(double score) {
        double share = Math.min(1, Math.max(0, score));
        return String.format(
                Locale.ROOT,
                "#%02x%02x%02x",
                Math.round(255 - 231 * share),
                Math.round(255 - 191 * share),
                Math.round(255 - 127 * share));
    }
}
