package io.tessellate.mask.spectrum;

/** A growing symmetric tridiagonal matrix, and its largest eigenvalue by counting sign changes and halving. */
final class Tridiagonal {
    private final double[] diagonal;
    private final double[] offDiagonal;
    private int size;

    Tridiagonal(int capacity) {
        this.diagonal = new double[capacity];
        this.offDiagonal = new double[capacity];
    }

    /** Adds a row with this diagonal element. */
    void diagonal(double value) {
        diagonal[size++] = value;
    }

    /** Sets the element that will link the last row with the next. */
    void offDiagonal(double value) {
        offDiagonal[size - 1] = value;
    }

    double firstDiagonal() {
        return diagonal[0];
    }

    double largestEigenvalue() {
        double low = diagonal[0];
        double high = low;
        for (int i = 0; i < size; i++) {
            double radius = (i > 0 ? Math.abs(offDiagonal[i - 1]) : 0) + (i < size - 1 ? Math.abs(offDiagonal[i]) : 0);
            low = Math.max(low, diagonal[i]);
            high = Math.max(high, diagonal[i] + radius);
        }
        while (true) {
            double middle = low + (high - low) / 2;
            if (middle <= low || middle >= high) {
                return high;
            }
            if (allBelow(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
    }

    /** Whether every eigenvalue is below x: whether x - T has only positive pivots. */
    private boolean allBelow(double x) {
        double pivot = x - diagonal[0];
        for (int i = 1; i < size && pivot > 0; i++) {
            pivot = x - diagonal[i] - offDiagonal[i - 1] * offDiagonal[i - 1] / pivot;
        }
        return pivot > 0;
    }
}
