package io.tessellate.pipeline.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DataFormatTest {
    @TempDir
    Path directory;

    @Test
    void anEmptyDirectoryIsMarkedAndClaimedAgainAndAgain() throws IOException {
        DataDirectory data = new DataDirectory(directory.resolve("data"));

        DataFormat.claim(data, new DataFormat(1, "0.1.0"));
        DataFormat.claim(data, new DataFormat(1, "0.2.0"));

        assertThat(data.root().resolve("version")).hasContent("format 1, written by Tessellate 0.2.0\n");
    }

    @Test
    void dataOfAnotherFormatAreLeftAloneAndTheirWriterIsNamed() {
        DataDirectory data = new DataDirectory(directory);
        DataFormat.claim(data, new DataFormat(3, "0.9.0"));

        assertThatThrownBy(() -> DataFormat.claim(data, new DataFormat(1, "0.1.0")))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY))
                .hasMessageContaining(
                        "data of format 3, written by the newer Tessellate 0.9.0; this is 0.1.0, which reads format 1");
        assertThatThrownBy(() -> DataFormat.claim(data, new DataFormat(4, "1.0.0")))
                .hasMessageContaining("written by the older Tessellate 0.9.0");
        assertThat(directory.resolve("version")).hasContent("format 3, written by Tessellate 0.9.0\n");
    }

    @Test
    void aMarkerThatIsNoMarkerIsNotGuessedAt() throws IOException {
        Files.writeString(directory.resolve("version"), "1.2.3");

        assertThatThrownBy(() -> DataFormat.claim(new DataDirectory(directory)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_DIRECTORY));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onlyItsOwnerLooksIntoADataDirectory() throws IOException {
        Path made = directory.resolve("made");
        Path older = Files.createDirectory(directory.resolve("older"));
        for (String part :
                List.of("logs", "blobs", "kafka", "streams", "worker", "evaluator", "registry", "identity")) {
            Files.createDirectory(older.resolve(part));
        }
        Files.setPosixFilePermissions(older, PosixFilePermissions.fromString("rwxr-xr-x"));

        DataFormat.claim(new DataDirectory(made));
        DataFormat.claim(new DataDirectory(older));

        assertThat(rights(made)).isEqualTo("rwx------");
        assertThat(rights(older)).isEqualTo("rwx------");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aDirectoryWithSomebodysOwnFilesKeepsItsRights() throws IOException {
        Files.writeString(directory.resolve("thesis.tex"), "mine");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

        DataFormat.claim(new DataDirectory(directory));

        assertThat(rights(directory)).isEqualTo("rwxr-xr-x");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aTokenIsThereWholeReadableByItsOwnerOnlyAndStays() throws IOException {
        DataDirectory data = new DataDirectory(directory);
        Files.createFile(directory.resolve("token"));

        Token token = Token.of(data);

        assertThat(token.value()).hasSize(48).matches("[0-9a-f]+");
        assertThat(Token.of(data)).isEqualTo(token);
        assertThat(rights(token.file())).isEqualTo("rw-------");
        assertThat(directory.resolve("token.part")).doesNotExist();
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
