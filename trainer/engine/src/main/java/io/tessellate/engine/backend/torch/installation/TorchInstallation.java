package io.tessellate.engine.backend.torch.installation;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A libtorch on this machine.
 *
 * @param folder holds its libraries
 * @param origin where it comes from, for people
 * @param sharesOpenBlas whether it may call an OpenBLAS that is none of its own
 */
public record TorchInstallation(Path folder, String origin, boolean sharesOpenBlas) {
    /** Names a folder; the property goes before the variable. */
    public static final String PROPERTY = "tessellate.libtorch";

    static final String VARIABLE = "TESSELLATE_LIBTORCH";

    /**
     * The one of the setting, else that of the PyTorch that {@code python3} knows. What a setting names and what is not
     * usable is refused, and nothing else is looked for.
     */
    public static TorchInstallation find() {
        return Optional.ofNullable(System.getProperty(PROPERTY, System.getenv(VARIABLE)))
                .filter(setting -> !setting.isBlank())
                .map(setting -> of(Path.of(setting)))
                .orElseGet(() -> InstalledPyTorch.ofPath().installation());
    }

    /** Of a folder that holds the libraries, or the archive of them. */
    static TorchInstallation of(Path folder) {
        if (Files.isRegularFile(library(folder, "torch_cpu"))) {
            return new TorchInstallation(folder, folder.toString(), true);
        }
        Path archive = folder.resolve(TorchArchive.NAME);
        if (Files.isRegularFile(archive)) {
            return new TorchInstallation(TorchArchive.unpacked(archive), archive.toString(), true);
        }
        throw new TessellateException(
                ErrorCode.INVALID_CONFIGURATION,
                "%s holds neither %s nor %s; it was named by %s or %s"
                        .formatted(folder, System.mapLibraryName("torch_cpu"), TorchArchive.NAME, VARIABLE, PROPERTY));
    }

    /** The file of a library by the name without what systems put around it. */
    static Path library(Path folder, String name) {
        return folder.resolve(System.mapLibraryName(name));
    }

    /** The file of a library of it. */
    public Path library(String name) {
        return library(folder, name);
    }
}
