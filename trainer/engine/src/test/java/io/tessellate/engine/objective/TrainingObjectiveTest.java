package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskManifest;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainingObjectiveTest {
    private static Manifest manifest(Objective objective, String metric) {
        return ManifestCodec.fromAvro(TaskManifest.newBuilder()
                .setModel("bot")
                .setTask("task")
                .setObjective(objective)
                .setMetric(metric)
                .build());
    }

    @Test
    void whatAManifestAsksForIsTrainedThroughAHeadOrAsText() {
        ModelConfig encoder = ToyEncoder.CONFIG;
        assertThat(TrainingObjective.of(manifest(Objective.CLASSIFICATION, "accuracy"), encoder))
                .isEqualTo(HeadObjective.CLASSIFICATION);
        assertThat(TrainingObjective.of(manifest(Objective.REGRESSION, "pearson"), encoder))
                .isEqualTo(HeadObjective.REGRESSION);
        assertThat(TrainingObjective.of(manifest(Objective.MULTIPLE_CHOICE, "accuracy"), encoder))
                .isEqualTo(HeadObjective.MULTIPLE_CHOICE);
        assertThat(TrainingObjective.of(manifest(Objective.MULTIPLE_CHOICE, "choice_likelihood"), ToyDecoder.CONFIG))
                .isEqualTo(TextObjective.GENERATION);
        assertThat(TrainingObjective.of(manifest(Objective.GENERATION, "gsm8k"), ToyDecoder.CONFIG))
                .isEqualTo(TextObjective.GENERATION);
    }

    @Test
    void textNeedsADecoderAndTheRefusalSaysWhatAskedForIt() {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> TrainingObjective.of(manifest(Objective.GENERATION, "gsm8k"), ToyEncoder.CONFIG))
                .withMessageStartingWith("objective GENERATION needs a decoder, and a model of type ")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST));
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> TrainingObjective.of(
                        manifest(Objective.MULTIPLE_CHOICE, "choice_likelihood"), ToyEncoder.CONFIG))
                .withMessageStartingWith("metric choice_likelihood needs a decoder");
    }

    @Test
    void aHeadHasAnOutputForEachClassOrOneAndTextHasNoHead() {
        assertThat(HeadObjective.CLASSIFICATION.outputs(3)).isEqualTo(3);
        assertThat(HeadObjective.REGRESSION.outputs(0)).isEqualTo(1);
        assertThat(TextObjective.GENERATION.outputs(0)).isZero();
    }

    @Test
    void onlyARegressionsHeadStartsAtTheMeanTarget() {
        List<EncodedExample> train = List.of(
                new EncodedExample(new TokenSequence(new int[] {1}, new int[1]), 1),
                new EncodedExample(new TokenSequence(new int[] {2}, new int[1]), 4));
        assertThat(HeadObjective.REGRESSION
                        .initialHead(1, 4, train, new Random(1))
                        .bias())
                .containsExactly(2.5f);
        assertThat(HeadObjective.CLASSIFICATION
                        .initialHead(2, 4, train, new Random(1))
                        .bias())
                .containsOnly(0);
        assertThat(TextObjective.GENERATION
                        .initialHead(0, 4, train, new Random(1))
                        .labels())
                .isZero();
    }
}
