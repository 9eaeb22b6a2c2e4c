package io.tessellate.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of tokenizer that models come with, against what transformers made of a page of texts by the same file. */
class TokenizerKindsTest {
    private static final int FIRST = 3;

    private static Path folder(String kind) throws URISyntaxException {
        return Path.of(
                TokenizerKindsTest.class.getResource("/tokenizers/" + kind).toURI());
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wordpiece",
                "gpt2",
                "roberta",
                "llama3",
                "qwen2",
                "neox",
                "modernbert",
                "llama2",
                "mistral",
                "gemma",
                "xlm-roberta",
                "deberta-v3",
                "xlm-roberta-precompiled",
                "deberta-v3-precompiled"
            })
    void textsBecomeTheTokensAndTokensTheTextsThatTransformersMakes(String kind)
            throws IOException, URISyntaxException {
        JsonNode readings = new ObjectMapper()
                .readTree(folder(kind).resolve("readings.json").toFile());
        assertThat(readings).hasSizeGreaterThan(20);
        SoftAssertions soft = new SoftAssertions();
        try (Tokenizer tokenizer = Tokenizer.load(folder(kind).resolve("tokenizer.json"), 512);
                Tokenizer small = Tokenizer.load(folder(kind).resolve("tokenizer.json"), 8)) {
            for (JsonNode reading : readings) {
                String text = reading.path("text").asText();
                int[] ids = ints(reading.path("ids"));
                int[] bare = ints(reading.path("bare"));
                soft.assertThat(tokenizer.bare(text))
                        .as("bare tokens of '%s'", text)
                        .containsExactly(bare);
                if (ids.length == 0) {
                    soft.assertThatThrownBy(() -> tokenizer.encode(text))
                            .hasMessageContaining("makes no token of a text");
                    continue;
                }
                soft.assertThat(tokenizer.encode(text).ids())
                        .as("tokens of '%s'", text)
                        .containsExactly(ids);
                soft.assertThat(tokenizer.encode(text, "and this").ids())
                        .as("tokens of the pair of '%s'", text)
                        .containsExactly(ints(reading.path("pair")));
                soft.assertThat(small.encode(text).ids())
                        .as("first tokens of '%s'", text)
                        .containsExactly(ints(reading.path("cut")));
                soft.assertThat(tokenizer.decode(ids))
                        .as("text of '%s'", text)
                        .isEqualTo(reading.path("decoded").asText());
                soft.assertThat(tokenizer.decodeAll(ids))
                        .as("whole text of '%s'", text)
                        .isEqualTo(reading.path("all").asText());
                soft.assertThat(tokenizer.decodeAll(Arrays.copyOf(bare, Math.min(FIRST, bare.length))))
                        .as("text of the first tokens of '%s'", text)
                        .isEqualTo(reading.path("first").asText());
            }
        }
        soft.assertAll();
    }
}
