package io.tessellate.engine.metric;

import java.util.stream.DoubleStream;

/** exp of the mean loss per token: among how many equally likely tokens a model seems to choose; 1 at best. */
public final class Perplexity {
    private Perplexity() {}

    /**
     * The perplexity of some texts together, each token counting the same.
     *
     * @param losses negative log likelihood of each text in nats, summed over its tokens
     * @param tokens number of tokens of each text
     */
    public static double of(double[] losses, double[] tokens) {
        return Math.exp(DoubleStream.of(losses).sum() / DoubleStream.of(tokens).sum());
    }
}
