package io.tessellate.experiment.plot;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Curves of one quantity against another, each through its points in their order.
 *
 * @param title what stands above
 * @param across what the horizontal axis is
 * @param curves at least one point in all
 */
public record XyChart(String title, String across, List<Curve> curves) implements Picture {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 380;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 60;
    private static final int LEGEND = 330;
    private static final int LEGEND_LINE = 20;
    private static final int TICKS = 5;

    /**
     * A curve.
     *
     * @param name what the legend calls it
     */
    public record Curve(String name, List<Point> points) {}

    /** A point of a curve. */
    public record Point(double x, double y) {}

    private record Axis(double low, double high, double from, double to) {
        static Axis of(List<Curve> curves, ToDoubleFunction<Point> value, double from, double to) {
            double[] all = curves.stream()
                    .flatMap(curve -> curve.points().stream())
                    .mapToDouble(value)
                    .sorted()
                    .toArray();
            double low = all[0];
            double high = all[all.length - 1];
            return new Axis(low, high == low ? low + 1 : high, from, to);
        }

        double place(double value) {
            return from + (to - from) * (value - low) / (high - low);
        }

        double tick(int number) {
            return low + (high - low) * number / TICKS;
        }
    }

    @Override
    public int width() {
        return WIDTH + LEGEND;
    }

    @Override
    public int height() {
        return Math.max(HEIGHT, TOP + LEGEND_LINE * curves.size());
    }

    @Override
    public void draw(Canvas canvas) {
        canvas.label(10, 20, Canvas.Anchor.START, "#000000", title);
        Axis x = Axis.of(curves, Point::x, LEFT, WIDTH - RIGHT);
        Axis y = Axis.of(curves, Point::y, HEIGHT - BOTTOM, TOP);
        for (int tick = 0; tick <= TICKS; tick++) {
            double height = y.place(y.tick(tick));
            canvas.line(LEFT, height, WIDTH - RIGHT, height, "#dddddd", 1);
            canvas.label(LEFT - 6.0, height + 4, Canvas.Anchor.END, "#000000", number(y.tick(tick)));
            canvas.label(
                    x.place(x.tick(tick)),
                    HEIGHT - BOTTOM + 20.0,
                    Canvas.Anchor.MIDDLE,
                    "#000000",
                    number(x.tick(tick)));
        }
        canvas.label(WIDTH / 2.0, HEIGHT - 15.0, Canvas.Anchor.MIDDLE, "#000000", across);
        for (int c = 0; c < curves.size(); c++) {
            String colour = LineChart.COLOURS.get(c % LineChart.COLOURS.size());
            draw(canvas, curves.get(c), x, y, colour);
            double top = TOP + (double) LEGEND_LINE * c;
            canvas.rectangle(WIDTH + 10, top, 12, 12, colour);
            canvas.label(
                    WIDTH + 28,
                    top + 11,
                    Canvas.Anchor.START,
                    "#000000",
                    curves.get(c).name());
        }
    }

    private static void draw(Canvas canvas, Curve curve, Axis x, Axis y, String colour) {
        for (int p = 0; p < curve.points().size(); p++) {
            Point here = curve.points().get(p);
            canvas.dot(x.place(here.x()), y.place(here.y()), colour);
            if (p > 0) {
                Point before = curve.points().get(p - 1);
                canvas.line(x.place(before.x()), y.place(before.y()), x.place(here.x()), y.place(here.y()), colour, 2);
            }
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
