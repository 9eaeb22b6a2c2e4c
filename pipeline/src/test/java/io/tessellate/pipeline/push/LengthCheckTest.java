package io.tessellate.pipeline.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.tokenizer.WordTokenizer;
import io.tessellate.event.Recipe;
import io.tessellate.id.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipe's longest length takes is said before anything is sent. */
class LengthCheckTest {
    private static final String SIZES = "\"hidden_size\":8,\"num_hidden_layers\":1,\"num_attention_heads\":2,"
            + "\"intermediate_size\":8,\"max_position_embeddings\":64,\"vocab_size\":12";

    @TempDir
    private Path directory;

    @BeforeEach
    void writeModel() throws IOException {
        Files.writeString(
                directory.resolve("tokenizer.json"), new WordTokenizer(List.of("the", "cat", "sat", "?")).toJson());
    }

    private List<String> notes(String config, String meta, String train, String eval) throws IOException {
        Files.writeString(directory.resolve("config.json"), config);
        Files.writeString(directory.resolve("meta.json"), meta);
        Files.writeString(directory.resolve("train.jsonl"), train);
        Files.writeString(directory.resolve("eval.jsonl"), eval);
        LocalDataset dataset = LocalDataset.read(
                TaskId.of("shop", "reviews"),
                directory,
                Optional.empty(),
                recipe -> Recipe.newBuilder(recipe).setMaxLength(16).build());
        return LengthCheck.notes(dataset, directory);
    }

    @Test
    void completionsThatAreCutOffAreCounted() throws IOException {
        String config = "{\"model_type\":\"llama\",\"rms_norm_eps\":1e-6,%s}".formatted(SIZES);
        String train = """
                {"prompt":"the cat","completion":" sat"}
                {"prompt":"the cat","completion":"%s"}
                {"prompt":"%s","completion":" sat"}
                """.formatted(" sat".repeat(40), "the cat ".repeat(40));
        String meta = "{\"task\":\"generation\"}";
        assertThat(notes(config, meta, train, "{\"prompt\":\"the cat\",\"completion\":\" sat\"}"))
                .containsExactly(
                        "train: of 3 examples maxLength 16 shortens 1 and leaves nothing of the completions of 1");
        assertThat(notes("{\"model_type\":\"bert\",\"type_vocab_size\":2,%s}".formatted(SIZES), meta, train, train))
                .as("an encoder has no completions; that it is none for this task is said elsewhere")
                .isEmpty();
    }

    @Test
    void textsThatLoseTheirEndAreCounted() throws IOException {
        String config = "{\"model_type\":\"bert\",\"type_vocab_size\":2,%s}".formatted(SIZES);
        String line = "{\"text\":\"%s\",\"label\":%d}\n";
        String train = line.formatted("the cat", 0) + line.formatted("the cat sat ".repeat(9), 1);
        assertThat(notes(config, "{\"task\":\"classification\",\"labels\":[\"a\",\"b\"]}", train, train))
                .containsExactly(
                        "train: of 2 examples maxLength 16 shortens 1", "eval: of 2 examples maxLength 16 shortens 1");
    }
}
