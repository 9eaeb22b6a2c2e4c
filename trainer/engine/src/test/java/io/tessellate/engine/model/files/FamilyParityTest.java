package io.tessellate.engine.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.TestedBackends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.Dropout;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.head.StepResult;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.text.Completions;
import io.tessellate.engine.model.text.Generation;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.text.Sampling;
import io.tessellate.engine.model.weights.Gradients;
import io.tessellate.engine.model.weights.ParameterTensor;
import io.tessellate.engine.model.weights.TrainableTensors;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.precision.Precision;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small seeded models of each family against what PyTorch computes of them: results, loss, and the gradient of every
 * tensor. Made by {@code src/test/python/small_models.py}.
 */
@Tag("numeric")
@Tag("kernel")
class FamilyParityTest {
    private static final double KEY_BIAS = 1;

    /** Stored with the tokens that follow a prompt. */
    private static final List<String> LATER_DECODERS = List.of(
            "mistral",
            "qwen2",
            "qwen3",
            "phi3",
            "phi3_long",
            "gpt_neox",
            "gpt_neox_sequential",
            "gemma2",
            "gemma3_text");

    @TempDir
    Path directory;

    static Stream<Arguments> familiesAndBackends() {
        return Stream.concat(
                        Stream.of(
                                "roberta",
                                "xlm-roberta",
                                "camembert",
                                "deberta-v2",
                                "modernbert",
                                "distilbert",
                                "llama",
                                "gpt2",
                                "gpt_neo",
                                "opt"),
                        LATER_DECODERS.stream())
                .flatMap(family -> TestedBackends.names().stream().map(backend -> Arguments.of(family, backend)));
    }

    @ParameterizedTest
    @MethodSource("familiesAndBackends")
    void resultsLossAndGradientsAreThoseOfPyTorch(String name, String backendName) throws Exception {
        Path from = folder(name);
        copyTo(from, directory);
        BaseModel base = BaseModel.load(directory);
        assertThat(name).startsWith(base.config().modelType());
        Backend backend = Backends.open(backendName);
        try (SafetensorsFile reference = SafetensorsFile.open(from.resolve("reference.safetensors"));
                Weights weights = base.weights(backend);
                Gradients gradients = new Gradients(backend, TrainableTensors.all(base.layout()))) {
            Batch batch = batch(reference, base.config());
            Result result = base.config().causal()
                    ? decoded(backend, base.config(), weights, batch, gradients)
                    : encoded(backend, base.config(), weights, batch, gradients);
            Rounding rounding = Rounding.pass(base.config(), batch.length(), batch.size() * batch.length());
            compare(result.values(), reference.read("result"), batch, rounding);
            float loss = reference.read("loss")[0];
            assertThat(result.loss()).isCloseTo(loss, rounding.of(Math.max(1, loss)));
            base.layout().tensors().forEach(tensor -> compare(tensor, gradients, reference, rounding));
        }
    }

    /** Each product's inputs and sums are off by up to 1/256; gradients still point where PyTorch's do. */
    @ParameterizedTest
    @MethodSource("familiesAndBackends")
    void inMixedPrecisionLossAndGradientsStayNearThoseOfPyTorch(String name, String backendName) throws Exception {
        Path from = folder(name);
        copyTo(from, directory);
        BaseModel base = BaseModel.load(directory);
        Backend backend = Precision.MIXED.of(Backends.open(backendName));
        try (SafetensorsFile reference = SafetensorsFile.open(from.resolve("reference.safetensors"));
                Weights weights = base.weights(backend);
                Gradients gradients = new Gradients(backend, TrainableTensors.all(base.layout()))) {
            Batch batch = batch(reference, base.config());
            double loss = base.config().causal()
                    ? completed(backend, base.config(), weights, batch, gradients)
                    : encoded(backend, base.config(), weights, batch, gradients).loss();
            assertThat(loss).isCloseTo(reference.read("loss")[0], withinPercentage(2));
            assertThat(cosine(base, gradients, reference)).isGreaterThan(0.995);
        }
    }

    private static double completed(
            Backend backend, ModelConfig config, Weights weights, Batch batch, Gradients gradients) {
        try (LanguageModel model = new LanguageModel(backend, config)) {
            return model.backward(weights, new Completions(batch, 3, 0), 1, Dropout.none(), gradients)
                    .loss();
        }
    }

    /** Between all gradients and those of the reference, as one vector each. */
    private static double cosine(BaseModel base, Gradients gradients, SafetensorsFile reference) {
        double product = 0;
        double squares = 0;
        double wantedSquares = 0;
        for (ParameterTensor tensor : base.layout().tensors()) {
            float[] expected = reference.read("gradient." + tensor.name());
            float[] actual = gradients.get(tensor.name());
            for (int i = 0; i < expected.length; i++) {
                product += (double) actual[i] * expected[i];
                squares += (double) actual[i] * actual[i];
                wantedSquares += (double) expected[i] * expected[i];
            }
        }
        return product / Math.sqrt(squares * wantedSquares);
    }

    static Stream<Arguments> laterDecodersAndBackends() {
        return LATER_DECODERS.stream()
                .flatMap(family -> TestedBackends.names().stream().map(backend -> Arguments.of(family, backend)));
    }

    /** Sequences that grow beyond the window of those that have one, and whose keys and values are kept. */
    @ParameterizedTest
    @MethodSource("laterDecodersAndBackends")
    void theLikeliestTokensAreThoseOfPyTorch(String name, String backendName) throws Exception {
        Path from = folder(name);
        copyTo(from, directory);
        BaseModel base = BaseModel.load(directory);
        Backend backend = Backends.open(backendName);
        try (SafetensorsFile reference = SafetensorsFile.open(from.resolve("reference.safetensors"));
                Weights weights = base.weights(backend);
                LanguageModel model = new LanguageModel(backend, base.config())) {
            int[] expected = ints(reference, "greedy");
            int[] prompt = Arrays.copyOf(expected, 5);
            Generation generation = new Generation(model, Sampling.GREEDY, expected.length - 5, Set.of());
            assertThat(generation.run(weights, List.of(ToyDecoder.prompt(prompt), ToyDecoder.prompt(prompt[0]))))
                    .first()
                    .isEqualTo(Arrays.copyOfRange(expected, 5, expected.length));
        }
    }

    private record Result(float[][] values, double loss) {}

    static Path folder(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(FamilyParityTest.class.getResource("/models/" + name), name)
                .toURI());
    }

    static void copyTo(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName().toString()));
            }
        }
        Files.delete(to.resolve("reference.safetensors"));
        Files.writeString(to.resolve("tokenizer.json"), "{}");
    }

    private static Batch batch(SafetensorsFile reference, ModelConfig config) {
        int[] ids = ints(reference, "ids");
        int[] lengths = ints(reference, "lengths");
        int length = ids.length / lengths.length;
        return Batch.of(
                IntStream.range(0, lengths.length)
                        .mapToObj(b -> Arrays.copyOfRange(ids, b * length, b * length + lengths[b]))
                        .map(sequence -> new TokenSequence(sequence, new int[sequence.length]))
                        .toList(),
                config);
    }

    private static int[] ints(SafetensorsFile file, String name) {
        IntBuffer buffer =
                ByteBuffer.wrap(file.bytes(name)).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
        int[] values = new int[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /** Half the sum of the squares of all tokens' last hidden vectors. */
    private static Result encoded(
            Backend backend, ModelConfig config, Weights weights, Batch batch, Gradients gradients) {
        float[][] values = new float[batch.size()][];
        try (Encoder encoder = new Encoder(backend, config)) {
            StepResult result = encoder.backward(weights, batch, gradients, (hidden, gradient) -> {
                for (int b = 0; b < batch.size(); b++) {
                    values[b] = rows(hidden, batch, b);
                }
                return halfSquares(hidden, batch, gradient);
            });
            return new Result(values, result.loss());
        }
    }

    private static float[] rows(Matrix hidden, Batch batch, int sequence) {
        float[] all = new float[hidden.size()];
        hidden.get(all);
        int from = batch.row(sequence, 0) * hidden.columns();
        return Arrays.copyOfRange(all, from, from + batch.length(sequence) * hidden.columns());
    }

    private static double halfSquares(Matrix hidden, Batch batch, Matrix gradient) {
        float[] real = new float[hidden.size()];
        double loss = 0;
        for (int b = 0; b < batch.size(); b++) {
            float[] rows = rows(hidden, batch, b);
            System.arraycopy(rows, 0, real, batch.row(b, 0) * hidden.columns(), rows.length);
            for (float value : rows) {
                loss += 0.5 * value * value;
            }
        }
        gradient.put(real);
        return loss;
    }

    /** The mean loss of all tokens but the first of each sequence, and but the second and third of the first. */
    private static Result decoded(
            Backend backend, ModelConfig config, Weights weights, Batch batch, Gradients gradients) {
        float[][] values = new float[batch.size()][];
        try (LanguageModel model = new LanguageModel(backend, config)) {
            for (int b = 0; b < batch.size(); b++) {
                values[b] = model.logits(weights, batch, b);
            }
            Completions completions = new Completions(batch, 3, 0);
            assertThat(completions.count()).isEqualTo(6 + 4);
            double loss = model.backward(weights, completions, 1, Dropout.none(), gradients)
                    .loss();
            Rounding rounding = Rounding.pass(config, batch.length(), batch.size() * batch.length());
            assertThat(ToyDecoder.meanLoss(model, weights, completions))
                    .isCloseTo(loss, rounding.of(Math.max(1, loss)));
            return new Result(values, loss);
        }
    }

    private static void compare(float[][] actual, float[] expected, Batch batch, Rounding rounding) {
        int perSequence = expected.length / actual.length;
        for (int b = 0; b < batch.size(); b++) {
            float[] part = Arrays.copyOfRange(expected, b * perSequence, b * perSequence + actual[b].length);
            rounding.assertClose(actual[b], part);
        }
    }

    private static void compare(
            ParameterTensor tensor, Gradients gradients, SafetensorsFile reference, Rounding rounding) {
        float[] actual = gradients.get(tensor.name());
        float[] expected = reference.read("gradient." + tensor.name());
        assertClose(rounding, Arrays.copyOf(actual, expected.length), expected, tensor.name());
        double squares = 0;
        for (float value : actual) {
            squares += (double) value * value;
        }
        double wanted = reference.read("squares." + tensor.name())[0];
        assertThat(squares)
                .as(tensor.name())
                .isCloseTo(wanted, rounding.of(Math.max(KEY_BIAS * KEY_BIAS, wanted) * actual.length));
    }

    /** By the largest of a tensor's entries; what a key's bias adds up cancels and is about as large as this. */
    private static void assertClose(Rounding rounding, float[] actual, float[] expected, String what) {
        double largest = Math.max(KEY_BIAS, Rounding.largest(expected));
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).as("%s[%d]", what, i).isCloseTo(expected[i], rounding.of(largest));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "llama,ORIGINAL",
        "llama,SINGLE",
        "gpt_neo,ORIGINAL",
        "roberta,SINGLE",
        "camembert,ORIGINAL",
        "deberta-v2,ORIGINAL",
        "modernbert,ORIGINAL"
    })
    void anExportedModelLoadsWithTheSameWeights(String name, ModelExport.Precision precision) throws Exception {
        copyTo(folder(name), directory);
        BaseModel base = BaseModel.load(directory);
        Backend backend = Backends.open(Backends.HOST);
        Path exported = directory.resolve("exported");
        try (Weights weights = base.weights(backend)) {
            String changed = base.layout().eligible().tensors().get(0).name();
            weights.assign(changed, new int[] {1, 5}, new float[] {0.5f, -2f});
            new ModelExport(base, precision).write(weights, exported);
            BaseModel again = BaseModel.load(exported);
            assertThat(again.config()).isEqualTo(base.config());
            assertThat(again.ignored()).containsExactlyElementsOf(base.ignored());
            try (Weights read = again.weights(backend);
                    SafetensorsFile file = SafetensorsFile.open(exported.resolve("model.safetensors"))) {
                assertThat(read.digest()).isEqualTo(weights.digest());
                String type = file.info(changed).dtype().name();
                String text = Files.readString(exported.resolve("config.json"));
                if (precision == ModelExport.Precision.SINGLE) {
                    assertThat(type).isEqualTo("F32");
                    assertThat(text).contains("float32");
                } else {
                    assertThat(type).isNotEqualTo("F32");
                    assertThat(text).doesNotContain("float32");
                }
            }
        }
        assertThat(List.of(Objects.requireNonNull(exported.toFile().list())))
                .containsExactlyInAnyOrder("config.json", "tokenizer.json", "model.safetensors");
    }
}
