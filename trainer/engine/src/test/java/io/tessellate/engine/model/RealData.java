package io.tessellate.engine.model;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the real data sets and models that some tests are held against; they lie outside the project. */
public final class RealData {
    private RealData() {}

    /** A folder of the data, or an aborted test that says so. */
    public static Path require(String folder) {
        Path found = root().resolve(folder);
        if (!Files.isDirectory(found)) {
            System.err.println("SKIPPED: real data not found at " + found
                    + "; set -Dtessellate.data or TESSELLATE_DATA to run this test");
            Assumptions.abort("no real data at " + found);
        }
        return found;
    }

    private static Path root() {
        String configured = System.getProperty("tessellate.data", System.getenv("TESSELLATE_DATA"));
        if (configured != null) {
            return Path.of(configured);
        }
        Path directory = Path.of(System.getProperty("user.dir")).toAbsolutePath();
        while (directory.getParent() != null
                && !Files.exists(directory.resolve("mvnw"))
                && !Files.exists(directory.resolve(".git"))) {
            directory = directory.getParent();
        }
        return directory.resolveSibling("shared").resolve("data");
    }
}
