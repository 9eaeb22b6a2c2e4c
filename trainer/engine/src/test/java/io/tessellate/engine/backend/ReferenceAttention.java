package io.tessellate.engine.backend;

import java.util.Arrays;

/** Multi-head attention and its backward pass by their definitions, in double precision. */
final class ReferenceAttention {
    private final HeadShape shape;
    private final ProbabilityDropout dropout;
    private final double[] projections;
    private final double[] contextGradient;
    private final double[] context;
    private final double[] projectionGradient;
    private final Places places;

    /**
     * Relative places.
     *
     * @param rows of each distance, from 1 - length on; none if there are no places
     * @param projections of the places, laid out as those of tokens
     * @param gradient of these
     */
    record Places(int[] rows, double[] projections, double[] gradient) {
        static final Places NONE = new Places(new int[0], new double[0], new double[0]);
    }

    ReferenceAttention(HeadShape shape, ProbabilityDropout dropout, double[] projections, double[] contextGradient) {
        this(shape, dropout, projections, contextGradient, Places.NONE);
    }

    ReferenceAttention(
            HeadShape shape,
            ProbabilityDropout dropout,
            double[] projections,
            double[] contextGradient,
            Places places) {
        this.places = places;
        this.shape = shape;
        this.dropout = dropout;
        this.projections = projections;
        this.contextGradient = contextGradient;
        this.context = new double[contextGradient.length];
        this.projectionGradient = new double[projections.length];
    }

    double[] context() {
        return context;
    }

    double[] projectionGradient() {
        return projectionGradient;
    }

    /** Computes all heads of one sequence. */
    void run(int sequence, int length) {
        for (int head = 0; head < shape.heads(); head++) {
            for (int i = 0; i < length; i++) {
                row(sequence, length, head, i);
            }
        }
    }

    private void row(int sequence, int length, int head, int i) {
        double[] p = new double[length];
        double[] scores = new double[length];
        double sum = 0;
        for (int j = shape.reach().first(i); j < shape.reach().end(i, length); j++) {
            for (int w = 0; w < shape.width(); w++) {
                p[j] += projections[at(sequence, head, i, 0, w)] * projections[at(sequence, head, j, 1, w)];
                if (places.rows.length > 0) {
                    p[j] += projections[at(sequence, head, i, 0, w)] * places.projections[place(head, i - j, 1, w)];
                    p[j] += projections[at(sequence, head, j, 1, w)] * places.projections[place(head, i - j, 0, w)];
                }
            }
            scores[j] = capped(p[j] * shape.scale());
            p[j] = Math.exp(scores[j]);
            sum += p[j];
        }
        float[] kept = new float[length];
        Arrays.fill(kept, 1f);
        dropout.scale(sequence, head, i, 0, kept, 0, length);
        double[] slope = new double[length];
        double dot = 0;
        for (int j = 0; j < length; j++) {
            p[j] /= sum;
            for (int w = 0; w < shape.width(); w++) {
                int value = at(sequence, head, j, 2, w);
                int result = contextAt(sequence, head, i, w);
                context[result] += kept[j] * p[j] * projections[value];
                projectionGradient[value] += kept[j] * p[j] * contextGradient[result];
                slope[j] += kept[j] * contextGradient[result] * projections[value];
            }
            dot += p[j] * slope[j];
        }
        for (int j = 0; j < length; j++) {
            double g = p[j] * (slope[j] - dot) * shape.scale() * capSlope(scores[j]);
            for (int w = 0; w < shape.width(); w++) {
                int query = at(sequence, head, i, 0, w);
                int key = at(sequence, head, j, 1, w);
                projectionGradient[query] += g * projections[key];
                projectionGradient[key] += g * projections[query];
                if (places.rows.length > 0) {
                    int placeQuery = place(head, i - j, 0, w);
                    int placeKey = place(head, i - j, 1, w);
                    projectionGradient[query] += g * places.projections[placeKey];
                    projectionGradient[key] += g * places.projections[placeQuery];
                    places.gradient[placeQuery] += g * projections[key];
                    places.gradient[placeKey] += g * projections[query];
                }
            }
        }
    }

    private double capped(double score) {
        return shape.softCap() == 0 ? score : shape.softCap() * Math.tanh(score / shape.softCap());
    }

    private double capSlope(double capped) {
        return shape.softCap() == 0 ? 1 : 1 - Math.pow(capped / shape.softCap(), 2);
    }

    private int at(int sequence, int head, int position, int part, int column) {
        int row = sequence * shape.length() + position;
        int shared = shape.heads() + (part - 1) * shape.keyValueHeads() + head / shape.group();
        int block = part == 0 ? head : shared;
        if (shape.order() == HeadShape.Order.BY_HEAD) {
            block = 3 * head + part;
        }
        return row * shape.projectionColumns() + block * shape.width() + column;
    }

    private int place(int head, int distance, int part, int column) {
        int row = places.rows[distance + shape.length() - 1];
        return row * shape.projectionColumns() + (part * shape.heads() + head) * shape.width() + column;
    }

    private int contextAt(int sequence, int head, int position, int column) {
        int row = sequence * shape.length() + position;
        return (row * shape.heads() + head) * shape.width() + column;
    }
}
