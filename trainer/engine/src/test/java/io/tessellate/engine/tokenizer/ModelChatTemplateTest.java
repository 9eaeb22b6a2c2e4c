package io.tessellate.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.manifest.ChatTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelChatTemplateTest {
    @TempDir
    private Path directory;

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Test
    void theTokenizersConfigurationHoldsTheTemplateAndItsTokens() throws IOException {
        write("special_tokens_map.json", "{\"bos_token\":\"<old>\",\"unk_token\":{\"content\":\"<unk>\"}}");
        write(
                "tokenizer_config.json",
                "{\"chat_template\":\"{{ x }}\",\"bos_token\":{\"content\":\"<s>\"},\"eos_token\":\"</s>\","
                        + "\"pad_token\":null}");
        ChatTemplate template = ModelChatTemplate.read(directory, Optional.empty());
        assertThat(template.source()).isEqualTo("{{ x }}");
        assertThat(template.tokens()).isEqualTo(Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>"));
    }

    @Test
    void aTemplateInAFileOfItsOwnCountsFirst() throws IOException {
        write("tokenizer_config.json", "{\"chat_template\":\"old\"}");
        write("chat_template.jinja", "new");
        assertThat(ModelChatTemplate.read(directory, Optional.empty()).source()).isEqualTo("new");
    }

    @Test
    void ofSeveralOneIsChosenByName() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\":[{\"name\":\"default\",\"template\":\"a\"},{\"name\":\"rag\",\"template\":\"b\"}]}");
        assertThat(ModelChatTemplate.read(directory, Optional.empty()).source()).isEqualTo("a");
        assertThat(ModelChatTemplate.read(directory, Optional.of("rag")).source())
                .isEqualTo("b");
        assertThatThrownBy(() -> ModelChatTemplate.read(directory, Optional.of("tools")))
                .hasMessageContaining("no chat template 'tools'; it has [default, rag]");
    }

    @Test
    void aModelWithoutOneIsSaidToHaveNone() {
        assertThatThrownBy(() -> ModelChatTemplate.read(directory, Optional.empty()))
                .hasMessageContaining("the model has no chat template: neither chat_template.jinja nor");
    }
}
