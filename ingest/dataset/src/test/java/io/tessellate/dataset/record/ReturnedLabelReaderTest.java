package io.tessellate.dataset.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

/** Labels that come back are read by the rules of the examples: an id and a label, and nothing else is needed. */
class ReturnedLabelReaderTest {
    private static ReturnedLabelReader reader(Objective objective, String... labels) {
        return new ReturnedLabelReader(
                new Manifest(
                        TaskId.of("bot", "faq"),
                        true,
                        objective,
                        List.of(labels),
                        objective.usualMetric(),
                        FieldNames.OWN,
                        0.1,
                        null,
                        0,
                        null,
                        Map.of(),
                        Manifest.PROMPT,
                        Decoding.GREEDY,
                        Optional.<ChatTemplate>empty(),
                        Optional.empty()),
                40);
    }

    private static void refused(ReturnedLabelReader reader, Map<String, ?> line, ErrorCode code) {
        assertThatThrownBy(() -> reader.read(line))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aClassIsGivenByItsNumberOrItsName() {
        ReturnedLabelReader reader = reader(Objective.CLASSIFICATION, "red", "blue");
        ReturnedLabel blue = new ReturnedLabel("7", 1, "blue", null, null);

        assertThat(reader.read(Map.of("id", 7, "label", 1))).isEqualTo(blue);
        assertThat(reader.read(Map.of("id", "7", "label", "blue", "text", "not looked at")))
                .isEqualTo(blue);
        refused(reader, Map.of("id", "7", "label", 2), ErrorCode.UNKNOWN_LABEL);
        refused(reader, Map.of("id", "7"), ErrorCode.MISSING_FIELD);
        refused(reader, Map.of("label", 1), ErrorCode.MISSING_FIELD);
    }

    @Test
    void aValueAndATextAreThemselves() {
        assertThat(reader(Objective.REGRESSION).read(Map.of("id", "a", "label", 2.5)))
                .isEqualTo(new ReturnedLabel("a", null, null, 2.5, null));
        assertThat(reader(Objective.GENERATION).read(Map.of("id", "a", "completion", "forty-two")))
                .isEqualTo(new ReturnedLabel("a", null, null, null, "forty-two"));
        refused(reader(Objective.REGRESSION), Map.of("id", "a", "label", "many"), ErrorCode.INVALID_FIELD);
        refused(reader(Objective.GENERATION), Map.of("id", "a", "label", "x"), ErrorCode.MISSING_FIELD);
    }

    @Test
    void aChoiceIsGivenByItsNumberOrByItsTextBesideTheChoices() {
        ReturnedLabelReader reader = reader(Objective.MULTIPLE_CHOICE);

        assertThat(reader.read(Map.of("id", "a", "label", 2)).index()).isEqualTo(2);
        assertThat(reader.read(Map.of("id", "a", "label", "yes", "choices", List.of("no", "yes")))
                        .index())
                .isEqualTo(1);
        refused(reader, Map.of("id", "a", "label", "yes"), ErrorCode.UNKNOWN_LABEL);
        refused(reader, Map.of("id", "a", "label", -1), ErrorCode.UNKNOWN_LABEL);
    }
}
