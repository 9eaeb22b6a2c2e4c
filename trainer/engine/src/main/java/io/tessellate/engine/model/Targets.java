package io.tessellate.engine.model;

/** What a batch's examples should come to, and the loss that follows. */
public sealed interface Targets permits ClassTargets, SoftTargets, ValueTargets {
    /** Class indices under softmax cross entropy. */
    static Targets classes(int... classes) {
        return new ClassTargets(classes.clone());
    }

    /** Real values under squared error. */
    static Targets values(float... values) {
        return new ValueTargets(values.clone());
    }

    /** A teacher's logits, [examples x labels], whose softened probabilities are to be met. */
    static Targets soft(float[] teacher, int labels, double temperature) {
        return new SoftTargets(teacher.clone(), labels, temperature);
    }

    /** Number of examples. */
    int size();

    /**
     * The mean loss over the examples.
     *
     * @param logits [examples x labels]
     * @param labels number of labels
     * @param scale what the gradient, not the loss, is multiplied with
     * @param gradient filled with the gradient of {@code scale} times the mean loss
     */
    double loss(float[] logits, int labels, double scale, float[] gradient);
}
