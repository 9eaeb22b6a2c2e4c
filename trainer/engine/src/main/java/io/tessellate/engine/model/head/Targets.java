package io.tessellate.engine.model.head;

import java.util.Arrays;

/** What a batch's examples should come to, and the loss that follows. */
public sealed interface Targets permits ChoiceTargets, ClassTargets, SoftTargets, ValueTargets {
    /** Class indices under softmax cross entropy. */
    static Targets classes(int... classes) {
        return new ClassTargets(classes.clone());
    }

    /** Real values under squared error. */
    static Targets values(float... values) {
        return new ValueTargets(values.clone());
    }

    /**
     * The right one of several choices, each a sequence of its own.
     *
     * @param sizes number of choices of each example
     * @param right number of the right one, from 0
     */
    static Targets choices(int[] sizes, int[] right) {
        return new ChoiceTargets(sizes.clone(), right.clone());
    }

    /** A teacher's logits, [examples x labels], whose softened probabilities are to be met. */
    static Targets soft(float[] teacher, int labels, double temperature) {
        int[] groups = new int[teacher.length / labels];
        Arrays.fill(groups, labels);
        return new SoftTargets(teacher.clone(), groups, labels, temperature);
    }

    /** The same over the choices of each example, one logit each. */
    static Targets softChoices(float[] teacher, int[] sizes, double temperature) {
        return new SoftTargets(teacher.clone(), sizes.clone(), 1, temperature);
    }

    /** Number of sequences. */
    int size();

    /**
     * The mean loss over the examples.
     *
     * @param logits [sequences x labels]
     * @param labels number of labels
     * @param scale what the gradient, not the loss, is multiplied with
     * @param gradient filled with the gradient of {@code scale} times the mean loss
     */
    double loss(float[] logits, int labels, double scale, float[] gradient);
}
