package io.tessellate.engine.backend.nd4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the processor's vector instructions are, as far as kernels are chosen by it.
 *
 * @param avx2Only whether it has AVX2 and no AVX-512; false where the system does not tell
 */
record InstructionSet(boolean avx2Only) {
    /** Of this machine. */
    static InstructionSet ofProcessor() {
        return of(Path.of("/proc/cpuinfo"));
    }

    /** As a file in the form of Linux's {@code /proc/cpuinfo} lists it, if there is one. */
    static InstructionSet of(Path description) {
        if (!Files.isReadable(description)) {
            return new InstructionSet(false);
        }
        try {
            String flags = Files.readString(description);
            return new InstructionSet(flags.contains(" avx2") && !flags.contains(" avx512f"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
