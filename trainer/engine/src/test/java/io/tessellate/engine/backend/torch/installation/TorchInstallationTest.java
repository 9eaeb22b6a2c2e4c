package io.tessellate.engine.backend.torch.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchInstallationTest {
    @TempDir
    private Path directory;

    @Test
    void aFolderOfLibrariesIsTakenAsItIs() throws IOException {
        Files.createFile(TorchInstallation.library(directory, "torch_cpu"));
        assertThat(TorchInstallation.of(directory).folder()).isEqualTo(directory);
    }

    @Test
    void aFolderOfNeitherLibrariesNorArchiveIsRefusedNamingBoth() {
        assertThatThrownBy(() -> TorchInstallation.of(directory))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("torch_cpu")
                .hasMessageContaining(TorchArchive.NAME);
    }

    @Test
    void anArchiveOfOtherBytesThanThePinnedIsRefusedAndNotUnpacked() throws IOException {
        Path archive = Files.writeString(directory.resolve(TorchArchive.NAME), "something else");
        assertThatThrownBy(() -> TorchInstallation.of(directory))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("SHA-256");
        assertThat(directory).isDirectoryContaining(archive::equals).isDirectoryNotContaining(Files::isDirectory);
    }

    @ParameterizedTest
    @CsvSource({"2.10.0,true", "2.11.0+cu130,true", "2.15.0.dev1,true", "3.0,true", "2.9.1,false", "1.13.0a0,false"})
    void whatPythonHasIsTakenFromVersionTenOn(String version, boolean taken) {
        InstalledPyTorch found = new InstalledPyTorch(version + "\n/opt/torch/lib\n");
        if (taken) {
            assertThat(found.installation().folder()).isEqualTo(Path.of("/opt/torch/lib"));
            assertThat(found.installation().sharesOpenBlas()).isFalse();
        } else {
            assertThatThrownBy(found::installation)
                    .isInstanceOf(TessellateException.class)
                    .hasMessageContaining(version)
                    .hasMessageContaining("older than 2.10");
        }
    }

    @Test
    void aPythonWithoutTorchOrNoPythonIsNamedWithWhatToDo() {
        InstalledPyTorch nobody = InstalledPyTorch.ask(List.of("no-such-program-anywhere"));
        assertThatThrownBy(nobody::installation)
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("it is not there")
                .hasMessageContaining(TorchInstallation.VARIABLE);
        assertThatThrownBy(new InstalledPyTorch("it has no torch\n")::installation)
                .hasMessageContaining("python3: it has no torch;");
    }
}
