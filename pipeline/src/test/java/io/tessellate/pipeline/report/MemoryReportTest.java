package io.tessellate.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.plan.MemoryAnswer;
import io.tessellate.engine.plan.MemoryLimits;
import io.tessellate.engine.plan.MemoryQuestion;
import io.tessellate.engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryReportTest {
    private static final long GB = 1_000_000_000;

    @TempDir
    private Path directory;

    /** BERT-base, of which only the configuration is here. */
    private MemoryAnswer answer(Map<String, Object> recipe, long total, boolean shared) throws IOException {
        Path config = Files.writeString(directory.resolve("config.json"), """
                {"model_type": "bert", "vocab_size": 30522, "hidden_size": 768, "num_hidden_layers": 12,
                 "num_attention_heads": 12, "intermediate_size": 3072, "max_position_embeddings": 512,
                 "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0, "hidden_act": "gelu"}
                """);
        MemoryQuestion question = new MemoryQuestion(
                MemoryQuestion.Model.of(config), Recipe.of(recipe), new MemoryQuestion.Task(false, 2, 0, 1000));
        MemoryRoom room = new MemoryRoom(total, total, Long.MAX_VALUE, shared, "the device as given");
        return question.answer(shared ? "host" : "torch:cuda", new MemoryLimits(room, 8 * GB));
    }

    @Test
    void saysForEachPartOfARunWhatItTakesAndWhereThePeakIs() throws IOException {
        MemoryReport report = new MemoryReport(
                answer(Map.of("method", "lota", "density", 0.01, "batchSize", 16, "maxLength", 128), 32 * GB, true));
        assertThat(report.text())
                .contains("108,891,648 parameters, lota, 16 examples of 128 tokens a step, on host")
                .containsPattern("weights of the version to start from +device +436 MB +436 MB +436 MB")
                .containsPattern("gradients of whole tensors +device +\\d+ MB +- +-")
                .contains("while the mask is sought; the device as given has 32.0 GB")
                .contains("It fits.");
        JsonNode json = new ObjectMapper().valueToTree(report.json());
        assertThat(json.get("peakPhase").asText()).isEqualTo("SEARCH");
        assertThat(json.get("fits").asBoolean()).isTrue();
        assertThat(json.get("phases").get(0).get("bytes").get("PARENT").asLong())
                .isEqualTo(4 * 108_891_648L);
        assertThat(json.get("largestBatch").asInt()).isGreaterThan(16);
    }

    @Test
    void whereTheBatchDoesNotFitItSaysWhichMicroBatchDoes() throws IOException {
        MemoryAnswer answer = answer(Map.of("method", "expander", "batchSize", 256, "maxLength", 512), 24 * GB, false);
        assertThat(answer.largestMicroBatch()).isBetween(1, 255).isEqualTo(answer.largestBatch());
        assertThat(answer.plan().microBatch()).isEqualTo(answer.largestMicroBatch());
        assertThat(new MemoryReport(answer).text())
                .contains("That is with %d examples in the model at a time.".formatted(answer.largestMicroBatch()));
        MemoryAnswer again = answer(
                Map.of("method", "expander", "batchSize", 256, "maxLength", 512, "recompute", true), 24 * GB, false);
        assertThat(again.largestBatch()).isGreaterThan(4 * answer.largestBatch());
    }

    @Test
    void whatNeverFitsIsSaid() throws IOException {
        MemoryAnswer answer = answer(Map.of("method", "full"), GB, false);
        assertThat(new MemoryReport(answer).text())
                .contains("It does not fit: it needs ")
                .contains("Not even one example fits.");
        assertThat(new ObjectMapper()
                        .valueToTree(new MemoryReport(answer).json())
                        .get("lacks")
                        .asText())
                .contains("the device as given has 1.00 GB");
    }
}
