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
import org.jspecify.annotations.Nullable;

/**
 * What vector instructions native code uses: by them kernels are chosen here, and by the libraries, which add in another order
 * for each.
 *
 * @param name the widest: {@code avx512}, {@code avx2}, {@code avx}, {@code sse}, or what Java calls the processor where the
 *     system does not tell
 * @param brainFloats whether it multiplies bf16 numbers: AVX-512 BF16 or AMX
 */
public record InstructionSet(String name, boolean brainFloats) {
    private static final List<String> WIDEST_FIRST = List.of("avx512", "avx2", "avx", "sse");

    /** oneDNN's own, of which the second is the newer name. */
    private static final List<String> LIMITS = List.of("DNNL_MAX_CPU_ISA", "ONEDNN_MAX_CPU_ISA");

    /** Which processors multiply bf16 numbers, as Linux calls it. */
    private static final List<String> BRAIN_FLOATS = List.of("avx512_bf16", "amx_bf16");

    /** What oneDNN's limits must name one of so that it may. */
    private static final List<String> BRAIN_FLOAT_LIMITS = List.of("bf16", "fp16", "amx", "avx10", "all", "default");

    /** Instructions without any for bf16 numbers. */
    public InstructionSet(String name) {
        this(name, false);
    }

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
                    .map(name -> new InstructionSet(name, BRAIN_FLOATS.stream().anyMatch(flags::contains)))
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
        String widest = own >= 0 && most > own ? WIDEST_FIRST.get(most) : name;
        return new InstructionSet(
                widest, brainFloats && LIMITS.stream().allMatch(limit -> lets(environment.get(limit))));
    }

    private static boolean lets(@Nullable String limit) {
        return limit == null || BRAIN_FLOAT_LIMITS.stream().anyMatch(limit.toLowerCase(Locale.ROOT)::contains);
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
