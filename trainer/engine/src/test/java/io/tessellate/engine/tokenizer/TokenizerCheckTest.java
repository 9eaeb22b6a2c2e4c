package io.tessellate.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelDirectory;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokenizers held against the embeddings that their tokens need. */
class TokenizerCheckTest {
    private static final int ROWS = ToyEncoder.CONFIG.vocabulary();

    @TempDir
    Path directory;

    private ObjectNode tokenizer = new ObjectMapper().createObjectNode();

    @BeforeEach
    void writeAWholeModel() throws IOException {
        List<String> words =
                IntStream.range(0, ROWS - 5).mapToObj(i -> "word" + i).toList();
        String json = new WordTokenizer(words).toJson();
        try (Weights weights = ToyEncoder.weights(Backends.open(Backends.HOST))) {
            ModelDirectory.write(directory, ToyEncoder.CONFIG, json, ModelDirectory.tensors(weights));
        }
        tokenizer = (ObjectNode) new ObjectMapper().readTree(json);
    }

    private void write() throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), tokenizer.toString());
    }

    private void refused(ErrorCode code, String... named) {
        assertThatThrownBy(() -> TokenizerCheck.run(BaseModel.load(directory)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(code))
                .message()
                .contains(named)
                .doesNotContain("untagged", "at line 1 column", "Unexpected");
    }

    @Test
    void aTokenizerWhoseTokensAllHaveARowIsSound() {
        assertThatCode(() -> TokenizerCheck.run(BaseModel.load(directory))).doesNotThrowAnyException();
    }

    @Test
    void anAddedTokenBeyondTheEmbeddingsIsRefusedByName() throws IOException {
        tokenizer.withArray("added_tokens").addObject().put("id", ROWS).put("content", "@USER");
        write();
        refused(
                ErrorCode.UNSUPPORTED_MODEL,
                "token '@USER' has id %d".formatted(ROWS),
                "rows for ids 0 to %d only".formatted(ROWS - 1));
    }

    @Test
    void aVocabularyLargerThanTheEmbeddingsIsRefusedByItsFirstToken() throws IOException {
        ((ObjectNode) tokenizer.path("model").path("vocab"))
                .put("more", ROWS)
                .put("most", ROWS + 1)
                .put("line\nbreak", ROWS + 2);
        write();
        refused(ErrorCode.UNSUPPORTED_MODEL, "token 'more' has id %d".formatted(ROWS), "2 more tokens are beyond them");
    }

    @Test
    void aTokenizerWithoutAnUnknownTokenIsRefusedByName() throws IOException {
        ObjectNode model = (ObjectNode) tokenizer.path("model");
        model.put("unk_token", "[OTHER]");
        write();
        refused(ErrorCode.UNSUPPORTED_MODEL, "unk_token '[OTHER]' is no token of its vocabulary");
        model.put("type", "Unigram").putNull("unk_id").remove("unk_token");
        model.putArray("vocab").addArray().add("a").add(-1.5);
        write();
        refused(ErrorCode.UNSUPPORTED_MODEL, "unk_id null is the place of no token");
    }

    @Test
    void aVocabularyThatIsAListIsCounted() throws IOException {
        ObjectNode model =
                ((ObjectNode) tokenizer.path("model")).put("type", "Unigram").put("unk_id", 0);
        var pieces = model.putArray("vocab");
        IntStream.rangeClosed(0, ROWS)
                .forEach(i -> pieces.addArray().add("piece" + i).add(-1.5));
        write();
        refused(ErrorCode.UNSUPPORTED_MODEL, "token 'piece%d' has id %d".formatted(ROWS, ROWS));
    }

    @Test
    void aTokenPutAroundEveryTextIsHeldAgainstTheEmbeddingsToo() throws IOException {
        ObjectNode roberta = tokenizer.putObject("post_processor").put("type", "Sequence");
        roberta.putArray("processors")
                .addObject()
                .put("type", "RobertaProcessing")
                .putArray("sep")
                .add("</s>")
                .add(ROWS + 3);
        write();
        refused(ErrorCode.UNSUPPORTED_MODEL, "token '</s>' has id %d".formatted(ROWS + 3));
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"model\":', 'line 1, column'",
        "'{}', holds no 'model'",
        "'{\"model\":{\"type\":\"Sentences\"}}', is no tokenizer that can be read"
    })
    void aFileThatIsNoTokenizerIsNamedInOurWords(String text, String named) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), text);
        refused(ErrorCode.MALFORMED_FILE, directory.resolve("tokenizer.json").toString(), named);
    }

    @Test
    void aByteOrderMarkBeforeATokenizerIsNamed() throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), "\uFEFF" + tokenizer);
        refused(ErrorCode.MALFORMED_FILE, "begins with a byte order mark");
    }
}
