package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.head.HeadGradients;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Learner.Part;
import io.tessellate.engine.train.fixture.TrainingFixture;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SummedLearnerTest {
    private static final List<EncodedExample> EXAMPLES =
            List.of(example(2, 3, 4, 13, 2), example(1, 5, 6, 15, 16, 17, 2), example(3, 7, 8, 17, 2));

    private final ModelPasses passes = new ModelPasses(TrainingFixture.BACKEND, ToyDecoder.CONFIG);
    private final Weights weights = ToyDecoder.weights(TrainingFixture.BACKEND);
    private final Learner mean = TextObjective.GENERATION.learner(passes);
    private final Learner summed = mean.summed(true);

    @AfterEach
    void close() {
        weights.close();
        passes.close();
    }

    private static EncodedExample example(int prompt, int... ids) {
        return new EncodedExample(List.of(new TokenSequence(ids, new int[ids.length])), prompt, "");
    }

    @Test
    void itsLossIsTheSumOverEachExamplesTokensAndTheMeanOverExamples() {
        double sum = 0;
        for (EncodedExample example : EXAMPLES) {
            sum += mean.loss(weights, Head.none(), List.of(example)) * example.completionTokens();
        }
        assertThat(summed.loss(weights, Head.none(), EXAMPLES)).isCloseTo(sum / 3, within(1e-5));
        assertThat(summed.weight(EXAMPLES)).isEqualTo(3);
    }

    @Test
    void itsGradientIsThatOfThisLoss() {
        float[] expected = new float[(int) weights.layout().size()];
        for (EncodedExample example : EXAMPLES) {
            float[] one = gradient(mean, List.of(example), example.completionTokens() / 3.0);
            for (int n = 0; n < expected.length; n++) {
                expected[n] += one[n];
            }
        }
        Rounding.pass(ToyDecoder.CONFIG, 8, 16).assertClose(gradient(summed, EXAMPLES, 1), expected);
    }

    private float[] gradient(Learner learner, List<EncodedExample> examples, double scale) {
        try (Gradients gradients = new Gradients(TrainingFixture.BACKEND, TrainableTensors.all(weights.layout()))) {
            gradients.zero();
            learner.backward(
                    weights,
                    Head.none(),
                    new Part(examples, scale, Dropout.none()),
                    new Learner.Sums(gradients, HeadGradients.none()));
            return gradients.vector().toArray(0, (int) weights.layout().size());
        }
    }

    @Test
    void whereAnExampleHasOneAnswerItIsTheMean() {
        Learner head = HeadObjective.CLASSIFICATION.learner(passes);
        assertThat(head.summed(true).weight(EXAMPLES)).isEqualTo(head.weight(EXAMPLES));
        assertThat(mean.summed(false)).isSameAs(mean);
    }
}
