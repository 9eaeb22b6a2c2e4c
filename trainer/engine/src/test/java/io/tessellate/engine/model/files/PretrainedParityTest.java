package io.tessellate.engine.model.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.ReferenceKernels;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hidden vectors and masked-word logits of a real pretrained encoder against those PyTorch computed. */
@Tag("numeric")
class PretrainedParityTest {
    private static final int MASK = 4;

    @ParameterizedTest
    @MethodSource("io.tessellate.engine.backend.TestedBackends#names")
    void hiddenVectorsAndMaskedWordLogitsEqualTheReference(String backendName) throws IOException {
        Path directory = RealData.require("models/bert-tiny-8k-selfpretrained");
        JsonNode cases = new ObjectMapper()
                .readTree(directory.resolve("reference.json").toFile())
                .get("cases");
        BaseModel base = BaseModel.load(directory);
        Backend backend = Backends.open(backendName);
        try (Weights weights = base.weights(backend);
                Encoder encoder = new Encoder(backend, base.config());
                SafetensorsFile file = SafetensorsFile.open(directory.resolve("model.safetensors"))) {
            Batch all = batch(base, cases);
            Rounding rounding = Rounding.pass(base.config(), all.length(), all.length());
            float[] features = encoder.features(weights, all);
            float[] hidden = encoder.evaluate(weights, all, matrix -> {
                float[] copy = new float[matrix.size()];
                matrix.get(copy);
                return copy;
            });
            for (int c = 0; c < cases.size(); c++) {
                compareFeatures(cases.get(c), features, c * 256, rounding);
                if (cases.get(c).has("mask_logits_top5")) {
                    compareLogits(cases.get(c), file, hidden, all.row(c, 0), rounding);
                }
            }
        }
    }

    private static Batch batch(BaseModel base, JsonNode cases) {
        List<TokenSequence> sequences = new ArrayList<>();
        cases.forEach(
                one -> sequences.add(new TokenSequence(ints(one.get("input_ids")), ints(one.get("token_type_ids")))));
        return Batch.of(sequences, base.config());
    }

    private static void compareFeatures(JsonNode expected, float[] features, int from, Rounding rounding) {
        double largest = Rounding.largest(features);
        for (int i = 0; i < 8; i++) {
            assertThat((double) features[from + i])
                    .isCloseTo(expected.get("cls_hidden_first8").get(i).asDouble(), rounding.of(largest));
            assertThat((double) features[from + 128 + i])
                    .isCloseTo(expected.get("mean_hidden_first8").get(i).asDouble(), rounding.of(largest));
        }
    }

    private static void compareLogits(
            JsonNode expected, SafetensorsFile file, float[] hidden, int row, Rounding rounding) {
        int[] ids = ints(expected.get("input_ids"));
        int position = 0;
        while (ids[position] != MASK) {
            position++;
        }
        double[] x = linear(file, "cls.predictions.transform.dense.", hidden, (row + position) * 128);
        double[] transformed = normalised(file, x);
        float[] words = file.read("bert.embeddings.word_embeddings.weight");
        float[] bias = file.read("cls.predictions.bias");
        expected.get("mask_logits_top5").forEach(top -> {
            int id = top.get(0).asInt();
            double logit = bias[id];
            double magnitude = Math.abs(logit);
            for (int h = 0; h < 128; h++) {
                logit += words[id * 128 + h] * transformed[h];
                magnitude += Math.abs(words[id * 128 + h] * transformed[h]);
            }
            assertThat(logit).isCloseTo(top.get(2).asDouble(), rounding.of(magnitude));
        });
    }

    private static double[] linear(SafetensorsFile file, String name, float[] x, int from) {
        float[] weight = file.read(name + "weight");
        float[] bias = file.read(name + "bias");
        double[] y = new double[bias.length];
        for (int o = 0; o < y.length; o++) {
            double sum = bias[o];
            for (int i = 0; i < y.length; i++) {
                sum += weight[o * y.length + i] * x[from + i];
            }
            y[o] = ReferenceKernels.gelu(sum);
        }
        return y;
    }

    private static double[] normalised(SafetensorsFile file, double[] x) {
        float[] gain = file.read("cls.predictions.transform.LayerNorm.weight");
        float[] shift = file.read("cls.predictions.transform.LayerNorm.bias");
        double mean = 0;
        double variance = 0;
        for (double value : x) {
            mean += value / x.length;
        }
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = gain[i] * (x[i] - mean) / Math.sqrt(variance + 1e-12) + shift[i];
        }
        return y;
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
