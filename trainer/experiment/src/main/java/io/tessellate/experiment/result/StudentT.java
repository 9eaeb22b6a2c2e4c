package io.tessellate.experiment.result;

/**
 * Student's t distribution, by the regularised incomplete beta function: P(|T| > t) = I_x(n/2, 1/2) with x = n / (n + t^2), where
 * I is found by its continued fraction (Abramowitz and Stegun 26.5.8 and 26.7.1).
 *
 * @param degrees degrees of freedom, at least 1
 */
record StudentT(int degrees) {
    private static final int MOST_TERMS = 500;
    private static final double PRECISE = 1e-15;
    private static final double TINY = 1e-300;
    private static final int HALVINGS = 200;
    /** Lanczos' approximation of the gamma function with g = 7 and nine terms: fifteen digits. */
    private static final double[] LANCZOS = {
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7
    };

    private static final double LANCZOS_G = 7;

    StudentT {
        if (degrees < 1) {
            throw new IllegalArgumentException("degrees of freedom must be at least 1, not " + degrees);
        }
    }

    /** P(T > t). */
    double above(double t) {
        if (Double.isInfinite(t)) {
            return t > 0 ? 0 : 1;
        }
        double half = beta(degrees / (degrees + t * t), degrees / 2.0, 0.5) / 2;
        return t >= 0 ? half : 1 - half;
    }

    /** P(|T| > |t|). */
    double beyond(double t) {
        return 2 * above(Math.abs(t));
    }

    /**
     * What T exceeds with a probability.
     *
     * @param probability above 0 and below 1/2
     */
    double exceeded(double probability) {
        double low = 0;
        double high = 1;
        while (above(high) > probability) {
            high *= 2;
        }
        for (int halving = 0; halving < HALVINGS; halving++) {
            double middle = (low + high) / 2;
            if (above(middle) > probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** I_x(a, b). */
    private static double beta(double x, double a, double b) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        double front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
        return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b;
    }

    /** The continued fraction of I, from its front on (Lentz). */
    private static double fraction(double x, double a, double b) {
        double c = 1;
        double d = 1 / apart(1 - (a + b) * x / (a + 1));
        double value = d;
        for (int m = 1; m <= MOST_TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / apart(1 + even * d);
            c = apart(1 + even / c);
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / apart(1 + odd * d);
            c = apart(1 + odd / c);
            value *= d * c;
            if (Math.abs(d * c - 1) < PRECISE) {
                break;
            }
        }
        return value;
    }

    private static double apart(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }

    private static double logGamma(double z) {
        double x = z - 1;
        double sum = LANCZOS[0];
        for (int i = 1; i < LANCZOS.length; i++) {
            sum += LANCZOS[i] / (x + i);
        }
        double base = x + LANCZOS_G + 0.5;
        return Math.log(2 * Math.PI) / 2 + (x + 0.5) * Math.log(base) - base + Math.log(sum);
    }
}
