package io.tessellate.experiment.plot;

/** What pictures are drawn on: a few shapes and words on white, colours as {@code #rrggbb}. */
interface Canvas {
    /** Size of the letters. */
    int FONT_SIZE = 12;

    void rectangle(double x, double y, double width, double height, String colour);

    void line(double x1, double y1, double x2, double y2, String colour, double width);

    void dot(double x, double y, String colour);

    /** Words whose anchor, start, middle or end, is at a point of their base line. */
    void label(double x, double y, Anchor anchor, String colour, String words);

    /** What of the words is at the point. */
    enum Anchor {
        /** Their beginning. */
        START,
        /** Their middle. */
        MIDDLE,
        /** Their end. */
        END
    }
}
