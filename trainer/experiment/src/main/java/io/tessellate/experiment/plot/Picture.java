package io.tessellate.experiment.plot;

/** Something that can be drawn, for the web and as pixels alike. */
public interface Picture {
    int width();

    int height();

    void draw(Canvas canvas);

    /** An SVG 1.1 document. */
    default String svg() {
        Svg svg = new Svg(width(), height());
        draw(svg);
        return svg.finish();
    }

    /** A PNG file, two pixels for every unit of the drawing. */
    default byte[] png() {
        try (Png png = new Png(width(), height())) {
            draw(png);
            return png.finish();
        }
    }
}
