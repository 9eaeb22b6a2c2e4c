package io.tessellate.engine.answer;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** What numbers say of the things they belong to. */
final class Probabilities {
    private Probabilities() {}

    /** softmax: p_c = exp(x_c) / sum exp(x); the largest number is the choice, of equals the first. */
    static Answer.Choice choice(float[] numbers) {
        int best = 0;
        for (int c = 1; c < numbers.length; c++) {
            best = numbers[c] > numbers[best] ? c : best;
        }
        double[] shares = new double[numbers.length];
        double largest = numbers[best];
        Arrays.setAll(shares, c -> Math.exp(numbers[c] - largest));
        double sum = DoubleStream.of(shares).reduce(0, Double::sum);
        return new Answer.Choice(
                best, Arrays.stream(shares).map(share -> share / sum).boxed().toList());
    }
}
