package io.tessellate.engine.model.weights;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Multiplication by |gain| / r, r the root mean square of the input, in {@link SynapticFlow}. */
final class FlowNorm {
    private final double[] gain;
    private double r;

    FlowNorm(double[] gain) {
        this.gain = gain;
    }

    /** The same gains for another input. */
    FlowNorm another() {
        return new FlowNorm(gain);
    }

    double[] forward(double[] x) {
        double square = Arrays.stream(x).map(value -> value * value).average().orElseThrow();
        r = square == 0 ? 1 : Math.sqrt(square);
        return backward(x);
    }

    double[] backward(double[] flow) {
        return IntStream.range(0, flow.length)
                .mapToDouble(i -> gain[i] / r * flow[i])
                .toArray();
    }
}
