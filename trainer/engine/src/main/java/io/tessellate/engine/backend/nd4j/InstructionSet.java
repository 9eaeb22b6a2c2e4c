package io.tessellate.engine.backend.nd4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What vector instructions native code uses: by them kernels are chosen here, and by the libraries, which add in another order
 * for each.
 *
 * @param name the widest: {@code avx512}, {@code avx2}, {@code avx}, {@code sse}, or what Java calls the processor where the
 *     system does not tell
 */
public record InstructionSet(String name) {
    private static final List<String> WIDEST_FIRST = List.of("avx512", "avx2", "avx", "sse");

    /** oneDNN's own, of which the second is the newer name. */
    private static final List<String> LIMITS = List.of("DNNL_MAX_CPU_ISA", "ONEDNN_MAX_CPU_ISA");

    /** Whether it has AVX2 and no AVX-512; false where the system does not tell. */
    public boolean avx2Only() {
        return name.equals("avx2");
    }

    /** Of this machine, as far as the environment lets libraries use it. */
    public static InstructionSet ofProcessor() {
        return of(Path.of("/proc/cpuinfo")).within(System.getenv());
    }

    /** As a file in the form of Linux's {@code /proc/cpuinfo} lists it, if there is one. */
    public static InstructionSet of(Path description) {
        if (!Files.isReadable(description)) {
            return unknown();
        }
        try (Stream<String> lines = Files.lines(description)) {
            Set<String> flags = lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> Set.copyOf(Arrays.asList(line.split("[ \t:]+"))))
                    .orElse(Set.of());
            return WIDEST_FIRST.stream()
                    .filter(name -> flags.contains(name.equals("avx512") ? "avx512f" : name))
                    .findFirst()
                    .map(InstructionSet::new)
                    .orElseGet(InstructionSet::unknown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InstructionSet unknown() {
        return new InstructionSet(System.getProperty("os.arch"));
    }

    /** The same where the environment limits oneDNN to less, as in {@code DNNL_MAX_CPU_ISA=AVX2}. */
    public InstructionSet within(Map<String, String> environment) {
        int own = WIDEST_FIRST.indexOf(name);
        int most = LIMITS.stream()
                .filter(environment::containsKey)
                .mapToInt(limit -> place(environment.get(limit)))
                .max()
                .orElse(own);
        return own >= 0 && most > own ? new InstructionSet(WIDEST_FIRST.get(most)) : this;
    }

    /** Where oneDNN's name of a limit, for example {@code AVX2_VNNI}, stands; -1 if it is none of these. */
    private static int place(String limit) {
        String lower = limit.toLowerCase(Locale.ROOT);
        return WIDEST_FIRST.stream()
                .filter(lower::startsWith)
                .findFirst()
                .map(WIDEST_FIRST::indexOf)
                .orElse(-1);
    }
}
