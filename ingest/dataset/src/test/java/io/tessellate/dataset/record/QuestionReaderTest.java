package io.tessellate.dataset.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.Question;
import io.tessellate.dataset.manifest.ChatTemplate;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.FieldNames;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Questions are read by the rules of the examples, and no label is missed. */
class QuestionReaderTest {
    private static QuestionReader reader(Objective objective, FieldNames fields, String template) {
        return new QuestionReader(
                new Manifest(
                        TaskId.of("bot", "faq"),
                        true,
                        objective,
                        List.of(),
                        objective.usualMetric(),
                        fields,
                        0.1,
                        null,
                        0,
                        null,
                        Map.of(),
                        template,
                        Decoding.GREEDY,
                        Optional.<ChatTemplate>empty(),
                        Optional.empty()),
                40);
    }

    private static void refused(QuestionReader reader, Map<String, ?> line, ErrorCode code) {
        assertThatThrownBy(() -> reader.read(line))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aTextNeedsNoLabel() {
        QuestionReader reader = reader(Objective.CLASSIFICATION, FieldNames.OWN, Manifest.PROMPT);
        assertThat(reader.read(Map.of("id", 7, "text", "fine", "text_pair", "film")))
                .isEqualTo(new Question("7", "fine", "film", List.of(), false));
        assertThat(reader.read(Map.of("text", "fine", "label", "nobody asks")))
                .isEqualTo(new Question(null, "fine", null, List.of(), false));
        refused(reader, Map.of("prompt", "fine"), ErrorCode.MISSING_FIELD);
        refused(reader, Map.of("text", " "), ErrorCode.INVALID_FIELD);
        refused(reader, Map.of("text", "x".repeat(41)), ErrorCode.TEXT_TOO_LONG);
    }

    @Test
    void fieldsAreMappedAndPromptsWrittenAsInTheDataset() {
        var fields = new FieldNames(null, null, null, null, null, "q", null, null, null);
        assertThat(reader(Objective.GENERATION, fields, "Q: {prompt} A:").read(Map.of("q", "why")))
                .isEqualTo(new Question(null, "Q: why A:", null, List.of(), false));
    }

    @Test
    void choicesAreNeededWhereTheTaskChooses() {
        QuestionReader reader = reader(Objective.MULTIPLE_CHOICE, FieldNames.OWN, Manifest.PROMPT);
        assertThat(reader.read(Map.of("prompt", "which", "choices", List.of("a", "b"))))
                .isEqualTo(new Question(null, "which", null, List.of("a", "b"), false));
        refused(reader, Map.of("prompt", "which"), ErrorCode.MISSING_FIELD);
        refused(reader, Map.of("prompt", "which", "choices", List.of("a")), ErrorCode.INVALID_FIELD);
    }
}
