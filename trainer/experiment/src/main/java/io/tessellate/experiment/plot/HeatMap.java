package io.tessellate.experiment.plot;

import io.tessellate.text.NumberText;
import java.util.List;
import java.util.Locale;

/**
 * An accuracy matrix as a picture: row k after task k was learnt, column j the score of task j, darker is better.
 *
 * @param title what stands above
 * @param tasks in the stream's order
 * @param rows lower triangle of scores
 */
public record HeatMap(String title, List<String> tasks, List<List<Double>> rows) implements Picture {
    private static final int CELL_WIDTH = 84;
    private static final int CELL_HEIGHT = 32;
    private static final int LEFT = 130;
    private static final int TOP = 60;
    /** From here on a white number is easier to read. */
    private static final double DARK = 0.6;

    @Override
    public int width() {
        return LEFT + CELL_WIDTH * tasks.size() + 10;
    }

    @Override
    public int height() {
        return TOP + CELL_HEIGHT * rows.size() + 10;
    }

    @Override
    public void draw(Canvas canvas) {
        canvas.label(10, 20, Canvas.Anchor.START, "#000000", title);
        for (int k = 0; k < rows.size(); k++) {
            String task = tasks.get(k);
            canvas.label(LEFT - 8, TOP + CELL_HEIGHT * (k + 0.65), Canvas.Anchor.END, "#000000", "after " + task);
            canvas.label(LEFT + CELL_WIDTH * (k + 0.5), TOP - 8, Canvas.Anchor.MIDDLE, "#000000", task);
            for (int j = 0; j < rows.get(k).size(); j++) {
                cell(canvas, k, j, rows.get(k).get(j));
            }
        }
    }

    private static void cell(Canvas canvas, int row, int column, double score) {
        double x = LEFT + (double) CELL_WIDTH * column;
        double y = TOP + (double) CELL_HEIGHT * row;
        canvas.rectangle(x, y, CELL_WIDTH - 1, CELL_HEIGHT - 1, colour(score));
        canvas.label(
                x + CELL_WIDTH / 2.0,
                y + 0.65 * CELL_HEIGHT,
                Canvas.Anchor.MIDDLE,
                score > DARK ? "#ffffff" : "#000000",
                NumberText.fixed(score, 3));
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
