package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.Split;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.Truncation;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.tokenizer.SmallTokenizers;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a chat template writes holds its special tokens already: none is put there twice, none is lost. */
class ReplyEncodingTest {
    private static final int BEGIN = 1;
    private static final int END = 2;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void writeModel() throws IOException {
        file = SmallTokenizers.sentencePiece(directory, true, "abcdefghijklmnopqrstuvwxyz[]", "h i", "\u2581 h");
        Files.writeString(directory.resolve("config.json"), "{\"eos_token_id\":" + END + "}");
    }

    private EncodedExample encoded(String prompt, String reply, String said, int maxLength) {
        Example example = new Example(null, Split.TRAIN, prompt, null, new Label.Reply(reply, said));
        try (Encoding encoding = Encoding.of(file, config(), Recipe.of(Map.of("maxLength", maxLength)))) {
            return encoding.completion(example);
        }
    }

    /** With room for more tokens than the toy has. */
    private static ModelConfig config() {
        ModelConfig small = ToyDecoder.CONFIG;
        return new ModelConfig(
                small.modelType(),
                small.vocabulary(),
                small.hidden(),
                small.layers(),
                small.heads(),
                small.intermediate(),
                64,
                small.tokenTypes(),
                small.normEpsilon(),
                small.padToken(),
                small.architecture());
    }

    private static int[] ids(EncodedExample example) {
        return example.sequences().get(0).ids();
    }

    private String completion(EncodedExample example) {
        try (Tokenizer tokenizer = Tokenizer.load(file, 64)) {
            int prompt = (int) example.target();
            int[] ids = ids(example);
            return tokenizer.decodeAllBehind(Arrays.copyOf(ids, prompt), Arrays.copyOfRange(ids, prompt, ids.length));
        }
    }

    @Test
    void theTemplatesOwnTokensBeginAndEndTheTextOnce() {
        EncodedExample example = encoded("<s>[in] hi [out]", " hi ho </s>", " hi ho", 60);
        assertThat(ids(example)).startsWith(BEGIN).endsWith(END);
        assertThat(Arrays.stream(ids(example)).filter(id -> id == BEGIN).count())
                .isEqualTo(1);
        assertThat(Arrays.stream(ids(example)).filter(id -> id == END).count()).isEqualTo(1);
        assertThat(completion(example)).isEqualTo(" hi ho </s>");
        assertThat(example.reference()).isEqualTo(" hi ho");
        assertThat(example.truncation()).isEqualTo(Truncation.WHOLE);
    }

    @Test
    void earlierRepliesKeepTheirEndAndAreNotLearnt() {
        EncodedExample example = encoded("<s>[in] a [out] b</s>[in] c [out]", " d</s>", " d", 60);
        assertThat(Arrays.stream(ids(example)).filter(id -> id == END).count()).isEqualTo(2);
        assertThat(completion(example)).isEqualTo(" d</s>");
    }

    @Test
    void whiteSpaceBehindTheEndIsNotLearnt() {
        assertThat(completion(encoded("<s>[in] a [out]", " d</s>\n", " d", 60))).isEqualTo(" d</s>");
    }

    @Test
    void aTemplateThatEndsNothingGetsTheModelsOwnEnd() {
        assertThat(completion(encoded("in: a out:", " d", " d", 60))).isEqualTo(" d</s>");
    }

    @Test
    void aReplyThatIsCutHasNoEnd() {
        EncodedExample cut = encoded("<s>[in] a", " abcdefghijklmnop</s>", " abcdefghijklmnop", 16);
        assertThat(cut.truncation()).isEqualTo(Truncation.SHORTENED);
        assertThat(ids(cut)).hasSize(16).doesNotContain(END);
        assertThat(encoded("<s>" + "a".repeat(80), " b</s>", " b", 16).truncation())
                .isEqualTo(Truncation.NOTHING);
    }
}
