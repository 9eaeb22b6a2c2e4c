package io.tessellate.pipeline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Scores, differences, losses: what is written with three places or more is written in one place, once in Java and once on the page, for
 * only there is it seen to that a zero has no sign.
 */
@Tag("architecture")
class WrittenNumbersTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void javaWritesNumbersInOnePlace() throws IOException {
        assertThat(linesWith(Pattern.compile("%[-+0-9,(]*\\.[3-9]f"), Path.of("src", "main", "java"), ".java"))
                .isEmpty();
    }

    @Test
    void thePageWritesNumbersInOnePlace() throws IOException {
        assertThat(linesWith(Pattern.compile("toFixed|toPrecision"), Path.of("src", "main", "resources"), ".js"))
                .singleElement()
                .asString()
                .startsWith("format.js: ");
    }

    private static List<String> linesWith(Pattern wanted, Path folder, String ending) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(folder, ending)) {
            Files.readAllLines(file).stream()
                    .filter(line -> wanted.matcher(line).find())
                    .forEach(line -> found.add("%s: %s".formatted(file.getFileName(), line.strip())));
        }
        return found;
    }

    /** Of all modules; not what others wrote. */
    private static List<Path> files(Path folder, String ending) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.walk(ROOT, 2)) {
            for (Path module : modules.map(path -> path.resolve(folder))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> all = Files.walk(module)) {
                    all.filter(path -> path.toString().endsWith(ending)
                                    && !path.toString().contains("/vendor/"))
                            .forEach(files::add);
                }
            }
        }
        assertThat(files).isNotEmpty();
        return files;
    }
}
