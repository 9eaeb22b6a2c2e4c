package io.tessellate.engine.backend.host;

/**
 * The inner loops of the backend {@code host} on heap arrays. Each is one simple loop over a whole block because that is what
 * the JIT compiler turns into vector instructions; a longer body, a buffer instead of an array, or a loop over one short
 * row loses that. What differs per row or column is therefore spread over a block first ({@link HostTile}).
 */
final class HostKernels {
    private static final float SQRT_HALF = 0.70710678f;
    private static final float INV_SQRT_TWO_PI = 0.39894228f;

    /** Below this the exponential is taken as that of this value, 1.8e-35. */
    private static final float EXP_FLOOR = -80f;

    private HostKernels() {}

    /** The error function as a rational function (odd 13th over even 8th degree), off by less than 5e-7. */
    static float erf(float value) {
        float x = Math.max(-4f, Math.min(4f, value));
        float x2 = x * x;
        float p = x2 * -2.72614225801306e-10f + 2.77068142495902e-08f;
        p = p * x2 - 2.10102402082508e-06f;
        p = p * x2 - 5.69250639462346e-05f;
        p = p * x2 - 7.34990630326855e-04f;
        p = p * x2 - 2.95459980854025e-03f;
        p = p * x2 - 1.60960333262415e-02f;
        p = p * x;
        float q = x2 * -1.45660718464996e-05f - 2.13374055278905e-04f;
        q = q * x2 - 1.68282697438203e-03f;
        q = q * x2 - 7.37332916720468e-03f;
        q = q * x2 - 1.42647390514189e-02f;
        return p / q;
    }

    /** The hyperbolic tangent as a rational function (odd 13th over even 6th degree), off by less than 2e-7 of itself. */
    static float tanh(float value) {
        float x = Math.max(-7.9053111f, Math.min(7.9053111f, value));
        float x2 = x * x;
        float p = x2 * -2.76076847742355e-16f + 2.00018790482477e-13f;
        p = p * x2 - 8.60467152213735e-11f;
        p = p * x2 + 5.12229709037114e-08f;
        p = p * x2 + 1.48572235717979e-05f;
        p = p * x2 + 6.37261928875436e-04f;
        p = p * x2 + 4.89352455891786e-03f;
        p = p * x;
        float q = x2 * 1.19825839466702e-06f + 1.18534705686654e-04f;
        q = q * x2 + 2.26843463243900e-03f;
        q = q * x2 + 4.89352518554385e-03f;
        return p / q;
    }

    /** x = cap tanh(x / cap). */
    static void softCap(float[] x, float cap, int n) {
        float inverse = 1 / cap;
        for (int i = 0; i < n; i++) {
            x[i] = cap * tanh(x[i] * inverse);
        }
    }

    /** gradient *= 1 - (capped / cap)^2. */
    static void softCapGradient(float[] capped, float[] gradient, float cap, int n) {
        float inverse = 1 / cap;
        for (int i = 0; i < n; i++) {
            float t = capped[i] * inverse;
            gradient[i] *= 1f - t * t;
        }
    }

    /** y = x Phi(x). */
    static void gelu(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = 0.5f * x[i] * (1f + erf(x[i] * SQRT_HALF));
        }
    }

    /** phi = Phi(x), the normal distribution function. */
    static void normalCdf(float[] x, float[] phi, int n) {
        for (int i = 0; i < n; i++) {
            phi[i] = 0.5f * (1f + erf(x[i] * SQRT_HALF));
        }
    }

    /** y = -x^2 / 2. */
    static void negativeHalfSquare(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = -0.5f * x[i] * x[i];
        }
    }

    /** gradient *= Phi(x) + x density(x), where {@code e} holds exp(-x^2/2). */
    static void geluGradient(float[] x, float[] cdf, float[] e, float[] gradient, int n) {
        for (int i = 0; i < n; i++) {
            gradient[i] *= cdf[i] + x[i] * INV_SQRT_TWO_PI * e[i];
        }
    }

    /** y = exp(x) for x <= 0: a Taylor polynomial of x/32, squared five times; off by at most 1.4e-6. */
    static void expNonPositive(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            float t = Math.max(x[i], EXP_FLOOR) * (1f / 32);
            float e = 0.0013888889f * t + 0.008333334f;
            e = e * t + 0.041666668f;
            e = e * t + 0.16666667f;
            e = e * t + 0.5f;
            e = e * t + 1f;
            e = e * t + 1f;
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            y[i] = e * e;
        }
    }

    /** Sum of a[from..to) in eight interleaved partial sums: faster than one, and always the same order. */
    static float sum(float[] a, int from, int to) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            s0 += a[i];
            s1 += a[i + 1];
            s2 += a[i + 2];
            s3 += a[i + 3];
            s4 += a[i + 4];
            s5 += a[i + 5];
            s6 += a[i + 6];
            s7 += a[i + 7];
        }
        float tail = 0;
        for (; i < to; i++) {
            tail += a[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + tail;
    }

    /** Largest of a[from..to) in eight interleaved partial results. */
    static float max(float[] a, int from, int to) {
        float m0 = Float.NEGATIVE_INFINITY;
        float m1 = m0;
        float m2 = m0;
        float m3 = m0;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            m0 = Math.max(m0, a[i]);
            m1 = Math.max(m1, a[i + 1]);
            m2 = Math.max(m2, a[i + 2]);
            m3 = Math.max(m3, a[i + 3]);
        }
        for (; i < to; i++) {
            m0 = Math.max(m0, a[i]);
        }
        return Math.max(Math.max(m0, m1), Math.max(m2, m3));
    }

    /** y += x. */
    static void add(float[] y, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += x[i];
        }
    }

    /** y += value. */
    static void addConstant(float[] y, float value, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += value;
        }
    }

    /** y += a + b. */
    static void addBoth(float[] y, float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += a[i] + b[i];
        }
    }

    /** y += factor x. */
    static void addMultiple(float[] y, float factor, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += factor * x[i];
        }
    }

    /** x = (x - away) scale. */
    static void shiftAndScale(float[] x, float away, float scale, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = (x[i] - away) * scale;
        }
    }

    /** y *= factor. */
    static void scale(float[] y, float factor, int n) {
        for (int i = 0; i < n; i++) {
            y[i] *= factor;
        }
    }

    /** y += a b. */
    static void addProduct(float[] y, float[] a, float[] b, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += a[i] * b[i];
        }
    }

    /** y += x, where x is read from {@code from} on. */
    static void addFrom(float[] y, float[] x, int from, int n) {
        for (int i = 0; i < n; i++) {
            y[i] += x[from + i];
        }
    }

    /** y -= x. */
    static void subtract(float[] y, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            y[i] -= x[i];
        }
    }

    /** y *= x. */
    static void multiply(float[] y, float[] x, int n) {
        for (int i = 0; i < n; i++) {
            y[i] *= x[i];
        }
    }

    /** y = a b. */
    static void product(float[] a, float[] b, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = a[i] * b[i];
        }
    }

    /** y = x gain + shift. */
    static void affine(float[] x, float[] gain, float[] shift, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = x[i] * gain[i] + shift[i];
        }
    }

    /** x = (x - away) scale. */
    static void shiftAndScale(float[] x, float[] away, float scale, int n) {
        for (int i = 0; i < n; i++) {
            x[i] = (x[i] - away[i]) * scale;
        }
    }

    /** g = g - x m: takes out what points along x. */
    static void subtractProduct(float[] g, float[] x, float[] m, int n) {
        for (int i = 0; i < n; i++) {
            g[i] -= x[i] * m[i];
        }
    }

    /** y = (y - away) p scale: the backward pass of a scaled softmax. */
    static void softmaxGradient(float[] y, float[] p, float[] away, float scale, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (y[i] - away[i]) * p[i] * scale;
        }
    }
}
