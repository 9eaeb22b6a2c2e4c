package io.tessellate.dataset.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.dataset.manifest.Objective;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.JsonText;
import io.tessellate.id.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MetaFileTest {
    @TempDir
    private Path directory;

    @Test
    void aDocumentMayHaveAMarkAndSeveralLinesAndIsNamedByThem() throws IOException {
        Path file = directory.resolve("meta.json");
        Files.writeString(file, "\uFEFF{\n  \"task\": \"regression\"\n}\n");
        assertThat(MetaFile.read(file).objective()).isEqualTo(Objective.REGRESSION);
        Files.writeString(file, "{\r\n  \"task\": \"regression\",\r\n  \"labels\": [NaN]\r\n}");
        assertThatThrownBy(() -> MetaFile.read(file))
                .hasMessage(file
                        + ", line 3, column 14: field 'labels' holds NaN, which is no JSON number: leave it out or write"
                        + " null");
        Files.writeString(file, "");
        assertThatThrownBy(() -> MetaFile.read(file)).hasMessage(file + ", line 1, column 1: it holds nothing");
        Files.writeString(file, "{\"a\":NaN,\"b\":1,\"b\":2}");
        assertThat(JsonText.readPython(file).path("b").intValue()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"labels\":{\"0\":\"bad\",\"1\":\"good\"}} | field 'labels' is an object with '0', '1', not the list",
                "{\"labels\":2}                            | field 'labels' is a number, not the list",
                "{\"labels\":\"bad,good\"}                 | field 'labels' is a text, not the list",
                "{\"labels\":[\"bad\",null]}               | field 'labels' holds null as a class's name",
                "{\"labels\":[[\"bad\",\"good\"]]}         | field 'labels' holds a list as a class's name",
                "{\"task\":\"x\",\"id2label\":{}}          | needs field 'labels', the list of the classes' names; there are 'task', 'id2label'",
                "[1]                                       | holds no object but a list",
            })
    void whatAMetaFileHoldsInPlaceOfLabelsIsSaid(String json, String words) throws IOException {
        Path file = Files.writeString(directory.resolve("meta.json"), json);
        assertThatThrownBy(() -> MetaFile.read(file).requiredLabels())
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST))
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"task\":\"pair classification\",\"labels\":[\"a\",\"b\"],\"metric\":\"F1 and accuracy\"} | f1",
                "{\"task\":\"regression\",\"metric\":\"Pearson and Spearman correlation\"}                 | pearson",
                "{\"objective\":\"multiple choice\"}                                                       | accuracy",
                "{\"task\":\"text generation\",\"metric\":\"ROUGE-L\",\"decoding\":{\"temperature\":0.5,\"topK\":3}} | rougel",
                "{\"task\":\"completion\",\"decoding\":null}                                               | inverse_perplexity",
            })
    void whatIsTrainedAtOnceIsWhatIsSent(String json, String metric) throws IOException {
        TaskId task = TaskId.parse("glue/mrpc");
        Path file = Files.writeString(directory.resolve("meta.json"), json);
        MetaFile meta = MetaFile.read(file);
        Manifest sent = ManifestCodec.fromAvro(meta.toAvro(task).build());
        assertThat(sent.metric().label()).isEqualTo(metric);
        assertThat(meta.manifest(task, sent.metric())).isEqualTo(sent);
    }

    @Test
    void aChatTemplateIsAnObjectOrItsTextAlone() throws IOException {
        TaskId task = TaskId.parse("bot/support");
        String given = "{\"task\":\"text generation\",\"metric\":\"rougel\",\"chatTemplate\":%s}";
        Path text = Files.writeString(directory.resolve("text.json"), given.formatted("\"{{ messages }}\""));
        Path object = Files.writeString(
                directory.resolve("object.json"), given.formatted("{\"template\":\"{{ messages }}\"}"));
        Manifest sent = ManifestCodec.fromAvro(MetaFile.read(text).toAvro(task).build());
        assertThat(sent.chatTemplate().orElseThrow().source()).isEqualTo("{{ messages }}");
        assertThat(sent)
                .isEqualTo(ManifestCodec.fromAvro(
                        MetaFile.read(object).toAvro(task).build()));
        Path number = Files.writeString(directory.resolve("number.json"), given.formatted("3"));
        assertThatThrownBy(() -> MetaFile.read(number).toAvro(task))
                .hasMessageContaining("field 'chatTemplate' must be a template as a text, or an object");
    }

    @Test
    void anObjectiveThatThereIsNotIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("meta.json"), "{\"task\":\"Ranking\"}");
        assertThatThrownBy(() -> MetaFile.read(file).objective())
                .hasMessage(
                        file
                                + ": field 'task' is 'Ranking', expected classification, regression, multiple choice or generation");
    }
}
