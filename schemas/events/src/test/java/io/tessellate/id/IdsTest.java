package io.tessellate.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdsTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @ParameterizedTest
    @ValueSource(strings = {"", "Glue", "-a", "a.b", "a/b", "a b", "é"})
    void namesThatCannotBePartsOfTopicNamesAreRefused(String name) {
        assertThatThrownBy(() -> new ModelName(name))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("model '" + name + "' must be");
        assertThatThrownBy(() -> new TaskName(name)).hasMessageContaining("task '" + name + "'");
    }

    @Test
    void namesHaveAnUpperLength() {
        assertThat(new TaskName("a".repeat(63)).value()).hasSize(63);
        assertThatThrownBy(() -> new TaskName("a".repeat(64))).isInstanceOf(TessellateException.class);
    }

    @Test
    void aTaskIsWrittenModelSlashTask() {
        assertThat(TaskId.parse("glue/sst2"))
                .isEqualTo(TaskId.of("glue", "sst2"))
                .hasToString("glue/sst2");
        for (String wrong : new String[] {"glue", "a/b/c", "/b", "a/"}) {
            assertThatThrownBy(() -> TaskId.parse(wrong)).isInstanceOf(TessellateException.class);
        }
    }

    @Test
    void aRunFollowsFromTaskDatasetAndRecipe() {
        RunId run = RunId.of(TaskId.parse("glue/sst2"), new Sha256(EMPTY), "{}");
        assertThat(run).isEqualTo(RunId.of(TaskId.parse("glue/sst2"), new Sha256(EMPTY), "{}"));
        assertThat(run.value()).matches("run-[0-9a-f]{16}");
        assertThat(RunId.of(TaskId.parse("glue/sst2"), new Sha256(EMPTY), "{\"seed\":1}"))
                .isNotEqualTo(run);
        assertThat(RunId.of(TaskId.parse("glue/cola"), new Sha256(EMPTY), "{}")).isNotEqualTo(run);
    }

    @Test
    void digestsAreOfBytesAndFiles(@TempDir Path directory) throws IOException {
        assertThat(Sha256.of(new byte[0])).hasToString(EMPTY);
        Path file = Files.write(directory.resolve("file"), new byte[200_000]);
        assertThat(Sha256.of(file)).isEqualTo(Sha256.of(new byte[200_000]));
        assertThat(new Sha256(EMPTY).bytes()).hasSize(32).startsWith(0xe3);
        assertThatThrownBy(() -> new Sha256(EMPTY.toUpperCase(java.util.Locale.ROOT)))
                .isInstanceOf(TessellateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "..",
                "../a",
                "/etc/passwd",
                "a/b",
                "a\\b",
                "C:",
                "a\u0000b",
                "a\nb",
                "a\u001b[2J",
                "a\u202eb",
                " a",
                "a ",
                "a.",
                "a|b",
                "a*",
                "a?b"
            })
    void fileNamesThatLeadElsewhereOrCannotBeWrittenAreRefused(String name) {
        assertThatThrownBy(() -> new FileName(name))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("must be one segment of a path")
                .message()
                .doesNotContain("\n", "\u001b", "\u202e", "\u0000");
        assertThat(FileName.escaped(name).value()).isNotBlank().doesNotContain("/", "\\", "\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model.safetensors", "config.json", ".gitattributes", "a b.txt", "größe.json", "..a", "a..b"})
    void usualFileNamesAreFine(String name) {
        assertThat(new FileName(name).value()).isEqualTo(name);
        assertThat(FileName.escaped(name).value()).isEqualTo(name);
    }

    @Test
    void fileNamesHaveAnUpperLength() {
        assertThat(new FileName("a".repeat(200)).value()).hasSize(200);
        assertThatThrownBy(() -> new FileName("a".repeat(201))).hasMessageContaining("is longer than 200 characters");
    }

    @Test
    void differentBadNamesAreEscapedDifferently() {
        assertThat(FileName.escaped("..").value()).isEqualTo("%2E%2E");
        assertThat(FileName.escaped(".").value()).isEqualTo("%2E");
        assertThat(FileName.escaped("../a").value()).isEqualTo("%2E%2E%2Fa");
    }
}
