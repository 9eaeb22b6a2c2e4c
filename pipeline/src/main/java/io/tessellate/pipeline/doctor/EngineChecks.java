package io.tessellate.pipeline.doctor;

import io.tessellate.engine.backend.BackendSurvey;
import io.tessellate.engine.backend.Backends;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the engine can compute on.
 *
 * @param configured the backend that a stack here would use
 */
record EngineChecks(String configured) {
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final Set<String> TELLING = Set.of("avx2", "avx512f", "avx512_bf16", "amx_bf16");

    List<Examination> all() {
        return List.of(
                new Examination("processor", EngineChecks::processor),
                new Examination("backends", () -> backends(Backends.survey())));
    }

    private static Diagnosis processor() {
        String found =
                "%d cores, %s".formatted(Runtime.getRuntime().availableProcessors(), System.getProperty("os.arch"));
        if (!Files.isReadable(PROCESSOR)) {
            return Diagnosis.good("processor", found + "; its instructions cannot be asked for on this system");
        }
        try {
            return processor(found, Files.readString(PROCESSOR));
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, PROCESSOR + " cannot be read", e);
        }
    }

    /** By what Linux says of it. */
    static Diagnosis processor(String found, String description) {
        Set<String> flags = description
                .lines()
                .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
                .limit(1)
                .flatMap(line -> Arrays.stream(
                        line.substring(line.indexOf(':') + 1).trim().split("\\s+")))
                .filter(TELLING::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        String all = "%s, %s".formatted(found, flags.isEmpty() ? "no AVX2" : String.join(" ", flags));
        if (flags.contains("avx512_bf16") || flags.contains("amx_bf16")) {
            return Diagnosis.good("processor", all + ": precision mixed multiplies in 16 bits");
        }
        return flags.isEmpty()
                ? Diagnosis.noted(
                        "processor",
                        all,
                        "training will be slow here; a processor with AVX2 or a GPU is several times faster")
                : Diagnosis.good("processor", all + ": no 16-bit products, precision fp32 is the faster one");
    }

    /** Every backend, and the one that is configured. */
    Diagnosis backends(List<BackendSurvey> surveys) {
        String found = surveys.stream()
                .collect(Collectors.groupingBy(
                        survey -> "%s (%s)".formatted(survey.usable() ? "yes" : "no", survey.note()),
                        LinkedHashMap::new,
                        Collectors.mapping(BackendSurvey::name, Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(alike -> "%s: %s".formatted(alike.getValue(), alike.getKey()))
                .collect(Collectors.joining("; "));
        boolean known = surveys.stream()
                .filter(survey -> configured.equals(survey.name()) || configured.startsWith(survey.name() + ":"))
                .anyMatch(BackendSurvey::usable);
        String all = "%s is configured; %s".formatted(configured, found);
        return known
                ? Diagnosis.good("backends", all)
                : Diagnosis.wrong(
                        "backends",
                        all,
                        "the configured backend does not open: choose one that does with tessellate.backend, or give it what it"
                                + " lacks (libtorch: pip install torch, or TESSELLATE_LIBTORCH)");
    }
}
