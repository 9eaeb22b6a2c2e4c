package io.tessellate.engine.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.Rounding;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real Llama models: tokens, losses, logits and greedy continuations against those PyTorch computed. */
@Tag("numeric")
class StoriesParityTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"stories260k,host", "stories260k,nd4j", "tinystories-656k,host", "tinystories-656k,nd4j"})
    void tokensLossesLogitsAndContinuationsEqualTheReference(String name, String backendName) throws IOException {
        Path folder = RealData.require("models/" + name);
        BaseModel base = BaseModel.load(folder);
        Backend backend = Backends.open(backendName);
        try (Weights weights = base.weights(backend);
                LanguageModel model = new LanguageModel(backend, base.config());
                Tokenizer tokenizer = Tokenizer.load(base.tokenizerFile(), 512)) {
            List<Prompt> prompts = new ArrayList<>();
            List<int[]> expected = new ArrayList<>();
            for (JsonNode one : cases(folder)) {
                int[] ids = ints(one.get("input_ids"));
                if (!one.has("note")) {
                    // Where the case has a note, its tokens were changed by hand.
                    assertThat(tokenizer.encode(one.get("text").asText()).ids()).containsExactly(ids);
                }
                compare(model, weights, one, ids);
                prompts.add(ToyDecoder.prompt(ids));
                expected.add(ints(one.get("greedy_next_24_ids")));
            }
            List<int[]> continued = new Generation(model, Sampling.GREEDY, 24, Set.of()).run(weights, prompts);
            assertThat(continued).containsExactlyElementsOf(expected);
        }
    }

    private static void compare(LanguageModel model, Weights weights, JsonNode expected, int[] ids) {
        Batch batch = Batch.of(List.of(new TokenSequence(ids, new int[ids.length])), model.config());
        Rounding rounding = Rounding.pass(model.config(), ids.length, ids.length);
        double loss = expected.get("mean_next_token_loss").asDouble();
        assertThat(ToyDecoder.meanLoss(model, weights, new Completions(batch, new int[batch.size()])))
                .isCloseTo(loss, rounding.of(loss));
        float[] logits = model.nextTokenLogits(weights, batch);
        double largest = Rounding.largest(logits);
        for (int i = 0; i < 8; i++) {
            assertThat((double) logits[i])
                    .isCloseTo(
                            expected.get("last_position_logits_first8").get(i).asDouble(), rounding.of(largest));
        }
        for (JsonNode top : expected.get("last_position_top5")) {
            assertThat((double) logits[top.get(0).asInt()]).isCloseTo(top.get(1).asDouble(), rounding.of(largest));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stories260k", "tinystories-656k"})
    void anExportContinuesWithTheSameWords(String name) throws IOException {
        Path folder = RealData.require("models/" + name);
        BaseModel base = BaseModel.load(folder);
        Backend backend = Backends.open(Backends.HOST);
        Path exported = directory.resolve("exported");
        try (Weights weights = base.weights(backend)) {
            new ModelExport(base, ModelExport.Precision.ORIGINAL).write(weights, exported);
        }
        BaseModel again = BaseModel.load(exported);
        assertThat(again.layout()).isEqualTo(base.layout());
        JsonNode first = cases(folder).get(0);
        try (Weights weights = again.weights(backend);
                LanguageModel model = new LanguageModel(backend, again.config());
                Tokenizer tokenizer = Tokenizer.load(again.tokenizerFile(), 512)) {
            int[] prompt = tokenizer.encode(first.get("text").asText()).ids();
            Generation generation = new Generation(model, Sampling.GREEDY, 24, Set.of());
            int[] next =
                    generation.run(weights, List.of(ToyDecoder.prompt(prompt))).get(0);
            assertThat(next).containsExactly(ints(first.get("greedy_next_24_ids")));
            assertThat(first.get("greedy_text").asText())
                    .endsWith(tokenizer.decode(next).strip());
        }
    }

    private static JsonNode cases(Path folder) throws IOException {
        return new ObjectMapper()
                .readTree(folder.resolve("reference.json").toFile())
                .get("cases");
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
