package io.tessellate.engine.experiment;

import java.util.List;
import java.util.Locale;

/**
 * Lines over a few labelled places.
 *
 * @param title what stands above
 * @param places labels of the places, left to right
 * @param lines one value per place each; NaN leaves a gap
 */
record LineChart(String title, List<String> places, List<Line> lines) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;
    private static final int LEGEND = 230;
    private static final int TICKS = 5;
    /** Okabe and Ito's colours, which colour-blind people tell apart. */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999");

    /**
     * A line.
     *
     * @param name what the legend calls it
     * @param values one for each place
     */
    record Line(String name, List<Double> values) {}

    String svg() {
        Svg svg = new Svg(WIDTH + LEGEND, HEIGHT);
        svg.label(10, 20, "start", "#000000", title);
        Scale scale = Scale.of(lines);
        axes(svg, scale);
        for (int l = 0; l < lines.size(); l++) {
            draw(svg, scale, lines.get(l), COLOURS.get(l % COLOURS.size()));
            svg.rectangle(WIDTH + 10, TOP + 20.0 * l, 12, 12, COLOURS.get(l % COLOURS.size()));
            svg.label(
                    WIDTH + 28,
                    TOP + 20.0 * l + 11,
                    "start",
                    "#000000",
                    lines.get(l).name());
        }
        return svg.finish();
    }

    private void axes(Svg svg, Scale scale) {
        for (int tick = 0; tick <= TICKS; tick++) {
            double value = scale.low() + (scale.high() - scale.low()) * tick / TICKS;
            svg.line(LEFT, scale.y(value), WIDTH, scale.y(value), "#dddddd", 1);
            svg.label(LEFT - 6, scale.y(value) + 4, "end", "#000000", String.format(Locale.ROOT, "%.2f", value));
        }
        for (int place = 0; place < places.size(); place++) {
            svg.label(x(place), HEIGHT - BOTTOM + 20.0, "middle", "#000000", places.get(place));
        }
    }

    private void draw(Svg svg, Scale scale, Line line, String colour) {
        for (int place = 0; place < line.values().size(); place++) {
            double value = line.values().get(place);
            double before = place == 0 ? Double.NaN : line.values().get(place - 1);
            if (!Double.isNaN(value)) {
                svg.dot(x(place), scale.y(value), colour);
            }
            if (!Double.isNaN(value) && !Double.isNaN(before)) {
                svg.line(x(place - 1), scale.y(before), x(place), scale.y(value), colour, 2);
            }
        }
    }

    private double x(int place) {
        double step = (double) (WIDTH - LEFT - 40) / Math.max(1, places.size() - 1);
        return LEFT + 20 + step * place;
    }

    /** From values to places on the page; always shows 0. */
    private record Scale(double low, double high) {
        static Scale of(List<Line> lines) {
            double[] all = lines.stream()
                    .flatMap(line -> line.values().stream())
                    .mapToDouble(value -> value)
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            double low = 0;
            double high = 0;
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
