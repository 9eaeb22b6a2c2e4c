package io.tessellate.experiment.plot;

import java.util.List;
import java.util.Locale;

/**
 * Lines over a few labelled places.
 *
 * @param title what stands above
 * @param places labels of the places, left to right
 * @param lines one value per place each; NaN leaves a gap
 * @param fromZero whether 0 is always shown
 */
public record LineChart(String title, List<String> places, List<Line> lines, boolean fromZero) implements Picture {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;
    private static final int LEGEND = 330;
    private static final int LEGEND_LINE = 20;
    private static final int TICKS = 5;
    /** Okabe and Ito's colours, which colour-blind people tell apart. */
    static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999");

    /**
     * A line.
     *
     * @param name what the legend calls it
     * @param values one for each place
     */
    public record Line(String name, List<Double> values) {}

    @Override
    public int width() {
        return WIDTH + LEGEND;
    }

    @Override
    public int height() {
        return Math.max(HEIGHT, TOP + LEGEND_LINE * lines.size());
    }

    @Override
    public void draw(Canvas canvas) {
        canvas.label(10, 20, Canvas.Anchor.START, "#000000", title);
        Scale scale = Scale.of(lines, fromZero);
        axes(canvas, scale);
        for (int l = 0; l < lines.size(); l++) {
            String colour = COLOURS.get(l % COLOURS.size());
            draw(canvas, scale, lines.get(l), colour);
            double top = TOP + (double) LEGEND_LINE * l;
            canvas.rectangle(WIDTH + 10, top, 12, 12, colour);
            canvas.label(
                    WIDTH + 28,
                    top + 11,
                    Canvas.Anchor.START,
                    "#000000",
                    lines.get(l).name());
        }
    }

    private void axes(Canvas canvas, Scale scale) {
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = scale.low() + (scale.high() - scale.low()) * tick / TICKS;
            canvas.line(LEFT, scale.y(value), WIDTH, scale.y(value), "#dddddd", 1);
            canvas.label(
                    LEFT - 6,
                    scale.y(value) + 4,
                    Canvas.Anchor.END,
                    "#000000",
                    String.format(Locale.ROOT, "%.2f", value));
        }
        for (int place = 0; place < places.size(); place++) {
            canvas.label(x(place), HEIGHT - BOTTOM + 20.0, Canvas.Anchor.MIDDLE, "#000000", places.get(place));
        }
    }

    private void draw(Canvas canvas, Scale scale, Line line, String colour) {
        for (int place = 0; place < line.values().size(); place++) {
            double value = line.values().get(place);
            double before = place == 0 ? Double.NaN : line.values().get(place - 1);
            if (!Double.isNaN(value)) {
                canvas.dot(x(place), scale.y(value), colour);
            }
            if (!Double.isNaN(value) && !Double.isNaN(before)) {
                canvas.line(x(place - 1), scale.y(before), x(place), scale.y(value), colour, 2);
            }
        }
    }

    private double x(int place) {
        double step = (double) (WIDTH - LEFT - 40) / Math.max(1, places.size() - 1);
        return LEFT + 20 + step * place;
    }

    /** From values to places on the page. */
    private record Scale(double low, double high) {
        static Scale of(List<Line> lines, boolean fromZero) {
            double[] all = lines.stream()
                    .flatMap(line -> line.values().stream())
                    .mapToDouble(value -> value)
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            double low = fromZero || all.length == 0 ? 0 : all[0];
            double high = low;
            for (double value : all) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
            return new Scale(low, high == low ? low + 1 : high);
        }

        double y(double value) {
            return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low);
        }
    }
}
