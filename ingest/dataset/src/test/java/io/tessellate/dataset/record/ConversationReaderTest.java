package io.tessellate.dataset.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.error.ErrorCode;
import io.tessellate.event.ChatTemplate;
import io.tessellate.event.FieldMapping;
import io.tessellate.event.Objective;
import io.tessellate.event.TaskExample;
import io.tessellate.event.TaskManifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records that hold messages, made prompts and replies by the manifest's chat template. */
class ConversationReaderTest {
    private static final String CHAT_ML =
            "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}"
                    + "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
    private static final String LLAMA_2 = "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}"
            + "{{ raise_exception('Conversation roles must alternate') }}{% endif %}{% if m.role == 'user' %}"
            + "{{ bos_token + '[INST] ' + m.content.strip() + ' [/INST]' }}{% else %}"
            + "{{ ' ' + m.content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}";

    private static TaskManifest.Builder manifest(String template) {
        return TaskManifest.newBuilder()
                .setModel("bot")
                .setTask("talk")
                .setObjective(Objective.GENERATION)
                .setChatTemplate(ChatTemplate.newBuilder()
                        .setTemplate(template)
                        .setTokens(Map.of("bos_token", "<s>", "eos_token", "</s>"))
                        .build());
    }

    private static Outcome read(TaskManifest.Builder manifest, GenericRecord record) {
        return new ExampleReader(ManifestCodec.fromAvro(manifest.build()), 200).read(record);
    }

    private static TaskExample json(String messages) {
        return TaskExample.newBuilder().setSplit("train").setMessages(messages).build();
    }

    private static Example accepted(TaskManifest.Builder manifest, GenericRecord record) {
        Outcome outcome = read(manifest, record);
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        return ((Outcome.Accepted) outcome).example();
    }

    @Test
    void theLastMessageIsLearntAndAllBeforeItIsThePrompt() {
        Example example = accepted(manifest(CHAT_ML), json("""
                [{"role":"system","content":"Be brief."},{"role":"user","content":"2+2?"},
                 {"role":"assistant","content":"4"},{"role":"user","content":"3+3?"},
                 {"role":"assistant","content":"6"}]"""));
        assertThat(example.prompt()).isEqualTo("""
                <|im_start|>system
                Be brief.<|im_end|>
                <|im_start|>user
                2+2?<|im_end|>
                <|im_start|>assistant
                4<|im_end|>
                <|im_start|>user
                3+3?<|im_end|>
                <|im_start|>assistant
                """);
        assertThat(example.label()).isEqualTo(new Label.Reply("6<|im_end|>\n", "6"));
    }

    @Test
    void specialTokensAreThoseOfTheManifest() {
        Example example = accepted(
                manifest(LLAMA_2),
                json("[{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\" ho \"}]"));
        assertThat(example.prompt()).isEqualTo("<s>[INST] hi [/INST]");
        assertThat(example.label()).isEqualTo(new Label.Reply(" ho </s>", " ho"));
    }

    @Test
    void messagesMayBeAnArrayOfRecordsUnderAnotherName() {
        Schema schema = new Schema.Parser().parse("""
                {"type":"record","name":"Talk","fields":[{"name":"turns","type":{"type":"array","items":
                {"type":"record","name":"Turn","fields":[
                {"name":"role","type":{"type":"enum","name":"Role","symbols":["user","assistant"]}},
                {"name":"content","type":"string"},{"name":"name","type":["null","string"],"default":null}]}}}]}""");
        Schema turn = schema.getField("turns").schema().getElementType();
        List<GenericRecord> turns = new ArrayList<>();
        for (String role : List.of("user", "assistant")) {
            GenericRecord message = new GenericData.Record(turn);
            message.put("role", new GenericData.EnumSymbol(turn.getField("role").schema(), role));
            message.put("content", "by " + role);
            turns.add(message);
        }
        GenericRecord record = new GenericData.Record(schema);
        record.put("turns", turns);
        Example example = accepted(
                manifest(CHAT_ML)
                        .setFields(
                                FieldMapping.newBuilder().setMessages("turns").build()),
                record);
        assertThat(example.prompt()).contains("by user").endsWith("<|im_start|>assistant\n");
        assertThat(example.label().completion()).isEqualTo("by assistant<|im_end|>\n");
    }

    @Test
    void aLineOfAFileAndTheRecordThatIsSentForItAreTheSameExample() {
        Manifest manifest = ManifestCodec.fromAvro(manifest(CHAT_ML).build());
        Map<String, Object> line = new HashMap<>(Map.of(
                "id",
                "a",
                "messages",
                List.of(Map.of("role", "user", "content", "é🦊"), Map.of("role", "assistant", "content", "ja"))));
        TaskExample sent = new FileRecords(manifest).of(line, null).orElseThrow();
        ExampleReader reader = new ExampleReader(manifest);
        assertThat(reader.read(sent)).isInstanceOf(Outcome.Accepted.class).isEqualTo(reader.read(line, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[]; INVALID_FIELD; field 'messages' holds no message",
                "nonsense; INVALID_FIELD; field 'messages' is a text and not JSON",
                "null; INVALID_FIELD; not a list of objects with 'role' and 'content'",
                "{\"role\":\"user\"}; INVALID_FIELD; not a list of objects with 'role' and 'content'",
                "[\"hi\"]; INVALID_FIELD; not a list of objects with 'role' and 'content'",
                "[{\"role\":\"user\",\"content\":\"a\"}]; INVALID_FIELD; ends with what 'user' says",
                "[{\"role\":\"assistant\",\"content\":\"a\"}]; INVALID_FIELD; holds one message",
                "[{\"role\":\"usr\",\"content\":\"a\"}]; INVALID_FIELD; message 1 has role 'usr', which is none of [system,",
                "[{\"from\":\"human\",\"value\":\"a\"}]; INVALID_FIELD; human is user",
                "[{\"role\":\"user\",\"content\":\"  \"}]; INVALID_FIELD; message 1, of 'user', is empty",
                "[{\"role\":\"user\",\"content\":[{\"text\":\"a\"}]}]; INVALID_FIELD; message 1 has a list of objects",
                "[{\"role\":\"user\"}]; INVALID_FIELD; message 1 has nothing as content"
            })
    void aRecordThatIsNoConversationIsPutAsideWithTheReason(String messages, ErrorCode code, String reason) {
        Outcome outcome = read(manifest(CHAT_ML), json(messages));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused.reason()).contains(reason);
        });
    }

    @Test
    void whatTheTemplateRaisesIsTheReason() {
        Outcome outcome = read(
                manifest(LLAMA_2),
                json("[{\"role\":\"system\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\"}]"));
        assertThat(outcome)
                .isEqualTo(new Outcome.Refused(
                        ErrorCode.TEMPLATE_REFUSED, "the chat template refuses it: Conversation roles must alternate"));
    }

    @Test
    void aTemplateThatRewritesThePromptOnceTheReplyIsThereIsRefusedWithThePlace() {
        String last = "{% for m in messages %}{{ m.role }}{% if loop.last %}!{% endif %} {% endfor %}";
        Outcome outcome = read(
                manifest(last),
                json("[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\"}]"));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.reason()).contains("from character 5: '! ' becomes ' assistant! '"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{% if not add_generation_prompt %}{{ messages[-1].content }}{% endif %};the messages before the last",
                "{{ messages[0].content }};what the assistant says"
            })
    void aTemplateThatWritesNothingOfAPartIsRefused(String template, String part) {
        assertThat(read(
                        manifest(template),
                        json("[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":\"y\"}]")))
                .isEqualTo(
                        new Outcome.Refused(ErrorCode.TEMPLATE_REFUSED, "the chat template writes nothing of " + part));
    }

    @Test
    void aConversationThatIsTooLongOnceRenderedIsRefused() {
        Outcome outcome = read(
                manifest(CHAT_ML),
                json("[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"y\"}]"
                        .formatted("x".repeat(190))));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.TEXT_TOO_LONG);
            assertThat(refused.reason()).contains("the prompt has 240 characters once the chat template is applied");
        });
    }
}
