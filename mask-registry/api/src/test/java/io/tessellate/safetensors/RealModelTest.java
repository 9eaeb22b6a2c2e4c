package io.tessellate.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealModelTest {
    @TempDir
    private Path directory;

    @Test
    void aRealModelIsReadAndWrittenAgainByteForByteEqualTensors() {
        Path model = model();
        Path copy = directory.resolve("copy.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(model)) {
            List<TensorSource> tensors = new ArrayList<>();
            for (TensorInfo tensor : file.tensors()) {
                assertThat(tensor.dtype()).isEqualTo(DType.F32);
                tensors.add(TensorSource.floats(tensor.name(), tensor.shape(), file.read(tensor.name())));
            }
            SafetensorsWriter.write(copy, file.metadata(), tensors);
            try (SafetensorsFile again = SafetensorsFile.open(copy)) {
                assertThat(again.tensorNames()).isEqualTo(file.tensorNames());
                assertThat(again.metadata()).isEqualTo(file.metadata());
                for (String name : file.tensorNames()) {
                    assertThat(again.bytes(name)).isEqualTo(file.bytes(name));
                }
            }
        }
    }

    private static Path model() {
        Optional<Path> data = data().map(d -> d.resolve("models/bert-tiny-8k-selfpretrained/model.safetensors"));
        if (data.filter(Files::isRegularFile).isEmpty()) {
            System.err.println(
                    "SKIPPED: no real model; set -Dtessellate.data or TESSELLATE_DATA to the data directory");
        }
        Assumptions.assumeTrue(data.filter(Files::isRegularFile).isPresent(), "no real model");
        return data.orElseThrow();
    }

    private static Optional<Path> data() {
        String configured = System.getProperty("tessellate.data", System.getenv("TESSELLATE_DATA"));
        if (configured != null) {
            return Optional.of(Path.of(configured));
        }
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            if (Files.exists(up.resolve("mvnw")) || Files.exists(up.resolve(".git"))) {
                return Optional.of(up.resolveSibling("shared/data"));
            }
        }
        return Optional.empty();
    }
}
