package io.tessellate.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates of the shapes that known models have, and pieces of the language, against what transformers made of them. */
class TemplateParityTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What Python gives back, and we refuse because nothing here knows it. */
    private static final Set<String> REFUSED_HERE = Set.of("{{ s.format() }}", "{{ s.__class__ }}");

    private static JsonNode stored(String name) throws IOException {
        try (InputStream in = TemplateParityTest.class.getResourceAsStream("/templates/" + name + ".json")) {
            return JSON.readTree(in);
        }
    }

    private static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, new TypeReference<>() {});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chatml",
                "gemma2",
                "gemma3",
                "llama2",
                "llama3",
                "llama31",
                "marked",
                "mistral",
                "mistral-v3",
                "phi3",
                "qwen25",
                "qwen3",
                "zephyr"
            })
    void aModelsTemplateRendersAsTransformersRendersIt(String name) throws IOException {
        JsonNode stored = stored(name);
        Template template = Template.parse(stored.path("template").asText(), Optional.empty());
        assertThat(stored.path("cases")).isNotEmpty();
        for (JsonNode one : stored.path("cases")) {
            Map<String, Object> variables = new HashMap<>(map(stored.path("tokens")));
            variables.putAll(map(one.path("switches")));
            variables.put("messages", JSON.convertValue(one.path("messages"), Object.class));
            variables.put("tools", JSON.convertValue(one.path("tools"), Object.class));
            variables.put("documents", null);
            variables.put("add_generation_prompt", one.path("generation").asBoolean());
            if (one.has("text")) {
                assertThat(template.render(variables))
                        .isEqualTo(one.path("text").asText());
            } else {
                assertThatThrownBy(() -> template.render(variables))
                        .isInstanceOf(TessellateException.class)
                        .hasMessageContaining(refusal(one.path("error").asText()));
            }
        }
    }

    /** What a template says itself is said by ours in the same words. */
    private static String refusal(String error) {
        return error.contains("object has no attribute")
                        || error.contains("is undefined")
                        || error.contains("concatenate")
                ? "the chat template cannot be rendered, line "
                : "the chat template refuses it: " + error;
    }

    static Stream<JsonNode> pieces() throws IOException {
        return StreamSupport.stream(stored("language").path("pieces").spliterator(), false);
    }

    @ParameterizedTest
    @MethodSource("pieces")
    void aPieceOfTheLanguageMeansWhatItMeansInJinja(JsonNode piece) throws IOException {
        Map<String, Object> variables = map(stored("language").path("variables"));
        String source = piece.path("source").asText();
        if (piece.path("text").isNull() || REFUSED_HERE.contains(source)) {
            assertThatThrownBy(() -> Template.parse(source, Optional.empty()).render(variables))
                    .isInstanceOf(TessellateException.class)
                    .hasMessageContaining("chat template");
        } else {
            assertThat(Template.parse(source, Optional.empty()).render(variables))
                    .isEqualTo(piece.path("text").asText());
        }
    }
}
