package io.tessellate.engine.backend.nd4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which kernels the OpenBLAS that ND4J brings is to take. It is of 2021 and takes those for AVX2 on every processor of AMD that
 * has AVX-512, at which small products take up to twice as long. It reads its setting when it is loaded and never again.
 */
final class OpenBlasCore {
    /** OpenBLAS's own setting; whoever sets it decides. */
    static final String SETTING = "OPENBLAS_CORETYPE";

    private static final Set<String> NEEDED = Set.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    private OpenBlasCore() {}

    /** The kernels of this process: those that are set, or chosen here; empty where OpenBLAS chooses. */
    static Optional<String> ofProcess() {
        return of(Path.of("/proc/cpuinfo"), System.getenv());
    }

    /** The same of a file in the form of Linux's {@code /proc/cpuinfo}, and of an environment. */
    static Optional<String> of(Path description, Map<String, String> environment) {
        String given = environment.get(SETTING);
        if (given != null) {
            return Optional.of(given);
        }
        boolean limited =
                !InstructionSet.of(description).within(environment).name().equals("avx512");
        return limited || !knownToBeMistaken(description) ? Optional.empty() : Optional.of("SkylakeX");
    }

    private static boolean knownToBeMistaken(Path description) {
        try (Stream<String> lines = Files.lines(description)) {
            List<String> relevant = lines.takeWhile(line -> !line.isBlank())
                    .filter(line -> line.startsWith("vendor_id") || line.startsWith("flags"))
                    .toList();
            boolean amd = relevant.stream().anyMatch(line -> line.endsWith("AuthenticAMD"));
            return amd
                    && relevant.stream()
                            .anyMatch(
                                    line -> Arrays.asList(line.split("[ \t:]+")).containsAll(NEEDED));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets what was chosen; to be called before OpenBLAS is loaded. */
    static void choose() {
        ofProcess()
                .ifPresent(core -> NativeEnvironment.choose(
                        SETTING, core, "OpenBLAS chooses its kernels itself, which may be slow ones"));
    }
}
