package io.tessellate.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.SmallFamilies;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.TrainingListener;
import io.tessellate.engine.train.fixture.ToyTasks;
import io.tessellate.id.Sha256;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encoders that are built otherwise than BERT learn tasks one after the other, each by weights of its own. */
class EncoderFamiliesTest {
    private static final Backend BACKEND = Backends.open(Backends.HOST);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"DEBERTA,expander", "MODERN_BERT,lora"})
    void twoTasksAreLearntAndTheFirstKeepsItsView(SmallFamilies family, String method) {
        ModelConfig config = wide(family.config());
        Map<String, Object> recipe = new HashMap<>(Map.of(
                "method", method, "epochs", 12, "learningRate", 1e-2, "dropout", 0.05, "attentionDropout", 0.05));
        if (method.equals("expander")) {
            recipe.put("density", 0.2);
        }
        try (SequentialRun run =
                new SequentialRun(BACKEND, config, Sha256.of(new byte[] {2}), weights(config), directory)) {
            run.learn(ToyTasks.counting("one", 1, 240), Recipe.of(recipe), TrainingListener.none());
            run.learn(ToyTasks.counting("two", 2, 240), Recipe.of(recipe), TrainingListener.none());
            StreamResult result = run.result();
            assertThat(result.taskViewIsConstant()).isTrue();
            assertThat(result.taskScores().get(1)).allMatch(score -> score > 0.4, "correlated");
        }
    }

    /** The family with the words and positions of the toy tasks. */
    private static ModelConfig wide(ModelConfig config) {
        Architecture architecture = config.architecture();
        return new ModelConfig(
                config.modelType(), 64, 32, 2, 2, 32, 16, 0, config.normEpsilon(), config.padToken(), architecture);
    }

    private static Weights weights(ModelConfig config) {
        ParameterLayout layout = ParameterLayout.of(config);
        Random random = new Random(11);
        Weights weights = Weights.zeros(BACKEND, layout);
        for (ParameterTensor tensor : layout.tensors()) {
            float[] values = new float[tensor.size()];
            for (int i = 0; i < values.length; i++) {
                boolean gain = tensor.shape().rank() == 1 && tensor.name().endsWith("weight");
                values[i] = tensor.shape().rank() == 1 ? gain ? 1 : 0 : (float) (0.2 * random.nextGaussian());
            }
            weights.put(tensor.name(), values);
        }
        return weights;
    }
}
