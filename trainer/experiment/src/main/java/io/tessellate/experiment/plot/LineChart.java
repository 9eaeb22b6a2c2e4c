package io.tessellate.experiment.plot;

import io.tessellate.text.NumberText;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Lines, each through its points in their order.
 *
 * @param title what stands above
 * @param across what lies along the horizontal axis
 * @param fromZero whether 0 is always shown
 */
public record LineChart(String title, Across across, List<Line> lines, boolean fromZero) implements Picture {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 380;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int BOTTOM = 60;
    private static final int MARGIN = 20;
    private static final int LEGEND = 330;
    private static final int LEGEND_LINE = 20;
    private static final int TICKS = 5;
    private static final int DIGITS = 3;
    /** Okabe and Ito's colours, which colour-blind people tell apart. */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999");

    /**
     * A line.
     *
     * @param name what the legend calls it
     */
    public record Line(String name, List<Point> points) {
        /** One that goes from place to place, with a value at each; NaN leaves a gap. */
        public static Line over(String name, List<Double> values) {
            return new Line(
                    name,
                    IntStream.range(0, values.size())
                            .mapToObj(place -> new Point(place, values.get(place)))
                            .toList());
        }
    }

    /** A point of a line. */
    public record Point(double x, double y) {
        private boolean gap() {
            return Double.isNaN(x) || Double.isNaN(y);
        }
    }

    /** What lies along the horizontal axis. */
    public sealed interface Across {
        /** What stands below the axis. */
        String name();

        /** Where the axis is labelled, and how. */
        List<Tick> ticks(Range points);
    }

    /**
     * Labelled places, as far from each other: 0, 1 and so on.
     *
     * @param labels left to right
     */
    public record Places(List<String> labels) implements Across {
        @Override
        public String name() {
            return "";
        }

        @Override
        public List<Tick> ticks(Range points) {
            return IntStream.range(0, labels.size())
                    .mapToObj(place -> new Tick(place, labels.get(place)))
                    .toList();
        }
    }

    /** A quantity, from the least value that some line has to the largest. */
    public record Quantity(String name) implements Across {
        @Override
        public List<Tick> ticks(Range points) {
            return points.ticks();
        }
    }

    /** A labelled value on an axis. */
    public record Tick(double value, String label) {}

    /** From the least value to the largest, never the same. */
    public record Range(double low, double high) {
        static Range of(DoubleStream values) {
            DoubleSummaryStatistics all = values.summaryStatistics();
            double low = all.getCount() == 0 ? 0 : all.getMin();
            double high = all.getCount() == 0 ? 0 : all.getMax();
            return new Range(low, high == low ? low + 1 : high);
        }

        /** Its ends and some values between them. */
        List<Tick> ticks() {
            return IntStream.rangeClosed(0, TICKS)
                    .mapToDouble(tick -> low + (high - low) * tick / TICKS)
                    .mapToObj(value -> new Tick(value, NumberText.fixed(value, DIGITS)))
                    .toList();
        }

        double share(double value) {
            return (value - low) / (high - low);
        }
    }

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
        Axes axes = axes();
        canvas.label(10, 20, Canvas.Anchor.START, "#000000", title);
        canvas.label(WIDTH / 2.0, HEIGHT - 15.0, Canvas.Anchor.MIDDLE, "#000000", across.name());
        axes.draw(canvas);
        for (int l = 0; l < lines.size(); l++) {
            Line line = lines.get(l);
            String colour = COLOURS.get(l % COLOURS.size());
            axes.draw(canvas, line, colour);
            double top = TOP + (double) LEGEND_LINE * l;
            canvas.rectangle(WIDTH + 10, top, 12, 12, colour);
            canvas.label(WIDTH + 28, top + 11, Canvas.Anchor.START, "#000000", line.name());
        }
    }

    private Axes axes() {
        DoubleStream heights = fromZero ? DoubleStream.concat(DoubleStream.of(0), values(Point::y)) : values(Point::y);
        List<Tick> ticks = across.ticks(Range.of(values(Point::x)));
        return new Axes(Range.of(ticks.stream().mapToDouble(Tick::value)), Range.of(heights), ticks);
    }

    private DoubleStream values(ToDoubleFunction<Point> value) {
        return lines.stream()
                .flatMap(line -> line.points().stream())
                .filter(point -> !point.gap())
                .mapToDouble(value);
    }

    /** From values to places on the page. */
    private record Axes(Range across, Range up, List<Tick> ticks) {
        void draw(Canvas canvas) {
            for (Tick tick : up.ticks()) {
                double height = y(tick.value());
                canvas.line(LEFT, height, WIDTH, height, "#dddddd", 1);
                canvas.label(LEFT - 6.0, height + 4, Canvas.Anchor.END, "#000000", tick.label());
            }
            for (Tick tick : ticks) {
                canvas.label(x(tick.value()), HEIGHT - BOTTOM + 20.0, Canvas.Anchor.MIDDLE, "#000000", tick.label());
            }
        }

        void draw(Canvas canvas, Line line, String colour) {
            for (int p = 0; p < line.points().size(); p++) {
                Point here = line.points().get(p);
                if (here.gap()) {
                    continue;
                }
                canvas.dot(x(here.x()), y(here.y()), colour);
                if (p > 0 && !line.points().get(p - 1).gap()) {
                    Point before = line.points().get(p - 1);
                    canvas.line(x(before.x()), y(before.y()), x(here.x()), y(here.y()), colour, 2);
                }
            }
        }

        private double x(double value) {
            return LEFT + MARGIN + (WIDTH - LEFT - 2.0 * MARGIN) * across.share(value);
        }

        private double y(double value) {
            return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * up.share(value);
        }
    }
}
