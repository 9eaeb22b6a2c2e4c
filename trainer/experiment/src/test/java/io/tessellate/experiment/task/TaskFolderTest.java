package io.tessellate.experiment.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.Example;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A task's folder is read by the rules by which push and ingest read records. */
class TaskFolderTest {
    @TempDir
    private Path folder;

    private TaskFolder read(String meta, String train) throws IOException {
        Files.writeString(folder.resolve("meta.json"), meta);
        Files.writeString(folder.resolve("train.jsonl"), train);
        Files.writeString(folder.resolve("eval.jsonl"), train);
        boolean decoder = meta.contains("generation");
        return TaskFolder.read(folder, decoder ? ToyDecoder.CONFIG : ToyEncoder.CONFIG, null, 8, 8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[\"1\",\"2\"]     | 1       | 0",
                "[\"1\",\"2\"]     | \"2\"   | 1",
                "[\"1\",\"0\"]     | 0.0     | 1",
                "[\"-1\",\"1\"]    | -1      | 0",
                "[\"bad\",\"good\"]| \"good\"| 1",
                "[\"bad\",\"good\"]| true    | 1",
                "[\"bad\",\"good\"]| 1       | 1",
            })
    void aLabelMeansWhatItMeansInThePipeline(String labels, String label, int index) throws IOException {
        TaskFolder task = read(
                "\uFEFF{\"task\":\"classification\",\"labels\":%s}".formatted(labels),
                "\uFEFF{\"text\":\"a\",\"label\":%s}".formatted(label));
        assertThat(task.train()).extracting(Example::label).allMatch(found -> found.classIndex() == index);
        assertThat(task.labels()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "classification | {\"text\":\"a\",\"label\":2}            | UNKNOWN_LABEL  | line 1: field 'label' holds '2'",
                "classification | {\"text\":\"a\"}                        | MISSING_FIELD  | line 1: field 'label' is missing",
                "classification | {\"text\":[\"a\"],\"label\":1}          | INVALID_FIELD  | field 'text' is a list of texts (1)",
                "regression     | {\"text\":\"a\",\"label\":\"much\"}     | INVALID_FIELD  | holds 'much', not a finite number",
                "regression     | {\"text\":\"a\",\"label\":NaN}          | MALFORMED_FILE | field 'label' holds NaN",
                "generation     | {\"prompt\":\"a\",\"completion\":[]}    | INVALID_FIELD  | field 'completion' is an empty list",
                "generation     | {\"prompt\":\"a\"}{\"prompt\":\"b\"}    | MALFORMED_FILE | line 1, column 15: a second object",
            })
    void aBadRecordIsNamedByItsLine(String task, String line, ErrorCode code, String words) {
        String labels = task.equals("classification") ? ",\"labels\":[\"bad\",\"good\"]" : "";
        assertThatThrownBy(() -> read("{\"task\":\"%s\"%s}".formatted(task, labels), line))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(folder.resolve("train.jsonl").toString())
                .hasMessageContaining(words);
    }

    @Test
    void labelsThatAreNoListOrAmbiguousAreRefused() {
        assertThatThrownBy(() -> read("{\"task\":\"classification\",\"labels\":{\"0\":\"bad\"}}", ""))
                .hasMessageContaining("field 'labels' is an object with '0'");
        assertThatThrownBy(() -> read("{\"task\":\"classification\",\"labels\":[\"other\",\"0\"]}", ""))
                .hasMessageContaining("labels are ambiguous: [0]");
    }
}
