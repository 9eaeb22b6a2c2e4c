package io.tessellate.engine.objective;

import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.Weights;
import java.util.List;

/**
 * How examples go through a model towards what their task wants: the seam between the training loop and objectives. Through
 * a head of the task's own, or through the model's own prediction of the next token.
 */
public interface Learner {
    /** Sums up what each example's tokens lose, instead of taking the mean over all tokens, if that is wanted. */
    default Learner summed(boolean wanted) {
        return wanted ? new SummedLearner(this) : this;
    }

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
        public static Part whole(List<EncodedExample> examples) {
            return new Part(examples, 1, Dropout.none());
        }
    }

    /** Where gradients are added up. */
    record Sums(Gradients gradients, HeadGradients head) {}
}
