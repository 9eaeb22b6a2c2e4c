package io.tessellate.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.fixture.RealData;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    private static final List<String> WORDS = List.of("the", "cat", "sat", "mat", ".", "?", "7");

    @TempDir
    Path directory;

    @Test
    void aRealTokenizerGivesTheStoredIdsOfSinglesAndPairs() throws IOException {
        Path model = RealData.require("models/bert-tiny-8k-selfpretrained");
        ObjectMapper json = new ObjectMapper();
        List<String> lines = Files.readAllLines(model.resolve("tokenizer_test.jsonl"));
        assertThat(lines).isNotEmpty();
        try (Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer.json"), 128)) {
            for (String line : lines) {
                JsonNode expected = json.readTree(line);
                TokenSequence encoded = expected.hasNonNull("text_pair")
                        ? tokenizer.encode(
                                expected.get("text").asText(),
                                expected.get("text_pair").asText())
                        : tokenizer.encode(expected.get("text").asText());
                assertThat(encoded)
                        .as(line)
                        .isEqualTo(new TokenSequence(
                                ints(expected.get("input_ids")), ints(expected.get("token_type_ids"))));
            }
        }
    }

    @Test
    void aWordTokenizerIsReadBackAsItWasWritten() throws IOException {
        try (Tokenizer tokenizer = words(64)) {
            assertThat(tokenizer.encode("The cat sat, 7 unknown mat."))
                    .isEqualTo(new TokenSequence(new int[] {2, 5, 6, 7, 1, 11, 1, 8, 9, 3}, new int[10]));
            assertThat(tokenizer.encode("cat?", "the mat"))
                    .isEqualTo(new TokenSequence(new int[] {2, 6, 10, 3, 5, 8, 3}, new int[] {0, 0, 0, 0, 1, 1, 1}));
        }
        assertThat(new WordTokenizer(WORDS).size()).isEqualTo(12);
    }

    @Test
    void anEmptyTextIsItsSpecialTokens() throws IOException {
        try (Tokenizer tokenizer = words(64)) {
            assertThat(tokenizer.encode("")).isEqualTo(new TokenSequence(new int[] {2, 3}, new int[2]));
        }
    }

    @Test
    void aLongTextIsCutAndKeepsItsLastSpecialToken() throws IOException {
        try (Tokenizer tokenizer = words(8)) {
            TokenSequence cut = tokenizer.encode("the cat sat ".repeat(10));
            assertThat(cut.ids()).containsExactly(2, 5, 6, 7, 5, 6, 7, 3);
        }
    }

    @Test
    void aUnigramTokenizerPutsTwoEndTokensBetweenAPairAndGivesBothOneType() {
        Path file = SmallTokenizers.unigram(directory, "\u2581the", "\u2581chat", "s", "\u2581sat", "\u2581c", "hats");
        try (Tokenizer tokenizer = Tokenizer.load(file, 512)) {
            assertThat(tokenizer.encode("the chats", "sat zz"))
                    .isEqualTo(new TokenSequence(new int[] {0, 4, 5, 6, 2, 2, 7, 3, 2}, new int[9]));
            assertThat(tokenizer.decode(0, 4, 5, 6, 2, 7)).isEqualTo("the chats sat");
            TokenSequence cut = tokenizer.encode("the ".repeat(600), "sat");
            assertThat(cut.length()).isEqualTo(512);
            assertThat(cut.ids()).startsWith(0, 4).endsWith(4, 2, 2, 7, 2);
        }
    }

    @Test
    void ofAPairTheLongerTextIsCutFirst() throws IOException {
        try (Tokenizer tokenizer = words(10)) {
            TokenSequence cut = tokenizer.encode("the ".repeat(30), "cat mat");
            assertThat(cut.ids()).containsExactly(2, 5, 5, 5, 5, 5, 3, 6, 8, 3);
        }
    }

    @Test
    void severalThreadsEncodeAtOnce() throws IOException {
        try (Tokenizer tokenizer = words(64)) {
            TokenSequence expected = tokenizer.encode("the cat sat.");
            List<CompletableFuture<Boolean>> threads = IntStream.range(0, 4)
                    .mapToObj(t -> CompletableFuture.supplyAsync(() -> IntStream.range(0, 300)
                            .allMatch(i -> tokenizer.encode("the cat sat.").equals(expected))))
                    .toList();
            assertThat(threads).allMatch(CompletableFuture::join);
        }
    }

    @Test
    void aFileThatIsNoTokenizerIsRefusedByName() throws IOException {
        Path file = Files.writeString(directory.resolve("tokenizer.json"), "{\"no\": \"tokenizer\"}");
        assertThatThrownBy(() -> Tokenizer.load(file, 16))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_FILE))
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> Tokenizer.load(directory.resolve("absent.json"), 16))
                .hasMessageContaining("absent.json");
    }

    @Test
    void aWordThatTheSplitterWouldBreakIsRefused() {
        assertThatThrownBy(() -> new WordTokenizer(List.of("don't"))).hasMessageContaining("don't");
        assertThatThrownBy(() -> new WordTokenizer(List.of("Cat"))).hasMessageContaining("Cat");
        assertThatThrownBy(() -> new WordTokenizer(List.of("a", "a"))).hasMessageContaining("once");
    }

    private Tokenizer words(int maxTokens) throws IOException {
        Path file = directory.resolve("words.json");
        Files.writeString(file, new WordTokenizer(WORDS).toJson());
        return Tokenizer.load(file, maxTokens);
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
