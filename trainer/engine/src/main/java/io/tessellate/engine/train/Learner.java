package io.tessellate.engine.train;

import io.tessellate.engine.model.Dropout;
import io.tessellate.engine.model.Gradients;
import io.tessellate.engine.model.Head;
import io.tessellate.engine.model.HeadGradients;
import io.tessellate.engine.model.Weights;
import java.util.List;

/**
 * How examples go through a model towards what their task wants: the seam between the training loop and objectives. Through
 * a head of the task's own, or through the model's own prediction of the next token.
 */
interface Learner {
    /** What examples weigh in the mean loss of a step: their number, or that of the tokens that count. */
    double weight(List<EncodedExample> examples);

    /** Adds the gradients of a part's scaled mean loss, and returns the mean loss, not scaled. */
    double backward(Weights weights, Head head, Part part, Sums sums);

    /** The mean loss with nothing dropped and no gradient taken. */
    double loss(Weights weights, Head head, List<EncodedExample> examples);

    /**
     * Examples that go through the model together.
     *
     * @param scale what their mean loss's gradient is multiplied with
     */
    record Part(List<EncodedExample> examples, double scale, Dropout dropout) {
        /** Examples that are a batch by themselves, with nothing dropped. */
        static Part whole(List<EncodedExample> examples) {
            return new Part(examples, 1, Dropout.none());
        }
    }

    /** Where gradients are added up. */
    record Sums(Gradients gradients, HeadGradients head) {}
}
