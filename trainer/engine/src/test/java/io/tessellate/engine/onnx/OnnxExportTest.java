package io.tessellate.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.head.Head;
import io.tessellate.engine.model.pass.Encoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.HeadObjective;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the genuine ONNX Runtime computes of an exported file is what the engine computes. */
class OnnxExportTest {
    private static final Backend BACKEND = Backends.open(Backends.HOST);
    private static final int[] LENGTHS = {7, 2, 5, 1};

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "camembert", "distilbert", "deberta-v2", "modernbert"})
    void labelsAndProbabilitiesAreTheEngines(String family) throws Exception {
        BaseModel base = base(family);
        Head head = head(base, 3);
        Sha256 digest = new OnnxExport(base, head, HeadObjective.CLASSIFICATION, Map.of("task", "a/b"))
                .write(changes(base), directory);
        assertThat(digest).isEqualTo(Sha256.of(directory.resolve(OnnxExport.FILE)));
        assertThat(directory.resolve(OnnxExport.DATA)).doesNotExist();

        List<TokenSequence> sequences = sequences(base.config());
        float[][] here = logits(base, head, sequences);
        try (OrtSession session = open();
                OrtSession.Result result = session.run(inputs(session, sequences))) {
            assertThat(session.getMetadata().getCustomMetadata()).containsEntry("task", "a/b");
            float[][] logits = (float[][]) result.get("logits").orElseThrow().getValue();
            float[][] probabilities =
                    (float[][]) result.get("probabilities").orElseThrow().getValue();
            for (int e = 0; e < here.length; e++) {
                assertThat(largest(logits[e])).isEqualTo(largest(here[e]));
                requireClose(logits[e], here[e]);
                requireClose(probabilities[e], softmax(here[e]));
            }
        }
    }

    @Test
    void aRegressionGivesItsValue() throws Exception {
        BaseModel base = base("bert");
        Head head = head(base, 1);
        new OnnxExport(base, head, HeadObjective.REGRESSION, Map.of()).write(changes(base), directory);
        List<TokenSequence> sequences = sequences(base.config());
        float[][] here = logits(base, head, sequences);
        try (OrtSession session = open();
                OrtSession.Result result = session.run(inputs(session, sequences))) {
            float[] values = (float[]) result.get("value").orElseThrow().getValue();
            for (int e = 0; e < here.length; e++) {
                assertThat(values[e]).isCloseTo(here[e][0], within(1e-5f));
            }
        }
    }

    @Test
    void aHeadOfOneTokensVectorReadsNoOther() throws Exception {
        BaseModel base = base("roberta");
        Head head = head(3, base.config().hidden());
        new OnnxExport(base, head, HeadObjective.CLASSIFICATION, Map.of()).write(changes(base), directory);
        List<TokenSequence> sequences = sequences(base.config());
        float[][] here = logits(base, head, sequences);
        float[][] there = logits(sequences);
        for (int e = 0; e < here.length; e++) {
            requireClose(there[e], here[e]);
        }
    }

    /** Two examples of two choices each: softmax goes over an example's choices. */
    @Test
    void choicesAreComparedWithinTheirExample() throws Exception {
        BaseModel base = base("bert");
        Head head = head(base, 1);
        new OnnxExport(base, head, HeadObjective.MULTIPLE_CHOICE, Map.of()).write(changes(base), directory);
        List<TokenSequence> sequences = sequences(base.config());
        float[][] here = logits(base, head, sequences);
        try (OrtSession session = open()) {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            for (Map.Entry<String, long[][]> input : padded(session, sequences).entrySet()) {
                long[][] rows = input.getValue();
                inputs.put(input.getKey(), tensor(new long[][][] {{rows[0], rows[1]}, {rows[2], rows[3]}}));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                float[][] probabilities =
                        (float[][]) result.get("probabilities").orElseThrow().getValue();
                for (int e = 0; e < 2; e++) {
                    requireClose(probabilities[e], softmax(here[2 * e][0], here[2 * e + 1][0]));
                }
            }
        }
    }

    /** What is too large for one message lies beside it; the answers are the same bits. */
    @Test
    void largeTensorsLieInASecondFile() throws Exception {
        BaseModel base = base("bert");
        Head head = head(base, 3);
        List<TokenSequence> sequences = sequences(base.config());
        new OnnxExport(base, head, HeadObjective.CLASSIFICATION, Map.of()).write(changes(base), directory);
        float[][] one = logits(sequences);
        new OnnxExport(base, head, HeadObjective.CLASSIFICATION, Map.of(), 1 << 12).write(changes(base), directory);
        assertThat(directory.resolve(OnnxExport.DATA)).isNotEmptyFile();
        assertThat(Files.size(directory.resolve(OnnxExport.FILE)))
                .isLessThan(Files.size(directory.resolve(OnnxExport.DATA)));
        try (OrtSession session = open()) {
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry(
                            OnnxFile.DATA_DIGEST,
                            Sha256.of(directory.resolve(OnnxExport.DATA)).hex());
        }
        assertThat(logits(sequences)).isEqualTo(one);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox"})
    void anotherFamilyIsRefusedByName(String family) throws Exception {
        BaseModel base = base(family);
        Head head = head(base, 2);
        assertThatThrownBy(() -> new OnnxExport(base, head, HeadObjective.CLASSIFICATION, Map.of()))
                .hasMessageContaining("'" + family + "'")
                .hasMessageContaining("distilbert")
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL));
        assertThat(directory.resolve(OnnxExport.FILE)).doesNotExist();
    }

    @Test
    void aHeadOfAnotherModelIsRefused() throws Exception {
        BaseModel base = base("bert");
        Head head = Head.initial(2, 5, new Random(1));
        assertThatThrownBy(() -> new OnnxExport(base, head, HeadObjective.CLASSIFICATION, Map.of()))
                .hasMessageContaining("head of 5 features");
    }

    private BaseModel base(String family) throws IOException, URISyntaxException {
        Path to = directory.resolve("base");
        if (family.equals("bert")) {
            return BaseModel.load(TinyBase.write(to));
        }
        Path from = Path.of(Objects.requireNonNull(getClass().getResource("/models/" + family))
                .toURI());
        Files.createDirectories(to);
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
        Files.writeString(to.resolve("tokenizer.json"), "{}");
        return BaseModel.load(to);
    }

    private static Head head(BaseModel base, int labels) {
        return head(labels, 2 * base.config().hidden());
    }

    private static Head head(int labels, int features) {
        Random random = new Random(5);
        float[] weight = new float[labels * features];
        float[] bias = new float[labels];
        for (int n = 0; n < weight.length; n++) {
            weight[n] = 0.3f * (float) random.nextGaussian();
        }
        for (int n = 0; n < labels; n++) {
            bias[n] = n + 0.5f;
        }
        return Head.of(weight, bias);
    }

    /** One tensor of the first layer is not the base's. */
    private static ModelExport.ChangedValues changes(BaseModel base) {
        String changed = changed(base);
        return new ModelExport.ChangedValues() {
            @Override
            public boolean changes(String tensor) {
                return tensor.equals(changed);
            }

            @Override
            public void change(String tensor, float[] values) {
                if (changes(tensor)) {
                    values[1] += 2;
                    values[7] -= 3;
                }
            }
        };
    }

    private static String changed(BaseModel base) {
        return base.layout().eligible().tensor(0).name();
    }

    private static float[][] logits(BaseModel base, Head head, List<TokenSequence> sequences) {
        try (Weights weights = base.weights(BACKEND);
                Encoder encoder = new Encoder(BACKEND, base.config())) {
            float[] values = weights.get(changed(base));
            weights.assign(changed(base), new int[] {1, 7}, new float[] {values[1] + 2, values[7] - 3});
            float[] flat = encoder.logits(weights, head, Batch.of(sequences, base.config()));
            float[][] rows = new float[sequences.size()][];
            Arrays.setAll(rows, e -> Arrays.copyOfRange(flat, e * head.labels(), (e + 1) * head.labels()));
            return rows;
        }
    }

    private static List<TokenSequence> sequences(ModelConfig config) {
        Random random = new Random(3);
        return Arrays.stream(LENGTHS)
                .mapToObj(length -> new TokenSequence(
                        random.ints(length, config.padToken() + 1, Math.min(config.vocabulary(), 19))
                                .toArray(),
                        random.ints(length, 0, Math.max(1, config.tokenTypes())).toArray()))
                .toList();
    }

    private OrtSession open() throws OrtException {
        return OrtEnvironment.getEnvironment()
                .createSession(directory.resolve(OnnxExport.FILE).toString());
    }

    private float[][] logits(List<TokenSequence> sequences) throws OrtException {
        try (OrtSession session = open();
                OrtSession.Result result = session.run(inputs(session, sequences))) {
            return (float[][]) result.get("logits").orElseThrow().getValue();
        }
    }

    private static Map<String, OnnxTensor> inputs(OrtSession session, List<TokenSequence> sequences)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (Map.Entry<String, long[][]> input : padded(session, sequences).entrySet()) {
            inputs.put(input.getKey(), tensor(input.getValue()));
        }
        return inputs;
    }

    /** Whatever the session reads, padded to a length that is no multiple of anything. */
    private static Map<String, long[][]> padded(OrtSession session, List<TokenSequence> sequences) {
        long[][] ids = new long[sequences.size()][9];
        long[][] mask = new long[sequences.size()][9];
        long[][] types = new long[sequences.size()][9];
        for (int e = 0; e < ids.length; e++) {
            TokenSequence sequence = sequences.get(e);
            for (int s = 0; s < sequence.length(); s++) {
                ids[e][s] = sequence.ids()[s];
                types[e][s] = sequence.types()[s];
                mask[e][s] = 1;
            }
        }
        Map<String, long[][]> all = new HashMap<>(Map.of("input_ids", ids, "attention_mask", mask));
        if (session.getInputNames().contains("token_type_ids")) {
            all.put("token_type_ids", types);
        }
        return all;
    }

    private static OnnxTensor tensor(Object values) throws OrtException {
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values);
    }

    private static float[] softmax(float... logits) {
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        float[] probabilities = new float[logits.length];
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = (float) (Math.exp(logits[c] - max) / sum);
        }
        return probabilities;
    }

    private static int largest(float[] values) {
        int best = 0;
        for (int c = 1; c < values.length; c++) {
            best = values[c] > values[best] ? c : best;
        }
        return best;
    }

    private static void requireClose(float[] found, float[] wanted) {
        assertThat(found).hasSameSizeAs(wanted);
        for (int c = 0; c < wanted.length; c++) {
            assertThat(found[c]).isCloseTo(wanted[c], within(1e-5f));
        }
    }
}
