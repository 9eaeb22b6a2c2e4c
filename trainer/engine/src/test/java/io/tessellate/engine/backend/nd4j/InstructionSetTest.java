package io.tessellate.engine.backend.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numeric")
@Tag("kernel")
class InstructionSetTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({
        "flags : fma avx avx2 bmi2,avx2,true",
        "flags : sse avx avx2 avx512f avx512bw,avx512,false",
        "flags : sse sse2 avx,avx,false",
        "flags : sse sse2,sse,false"
    })
    void isReadFromTheListOfFlags(String flags, String name, boolean avx2Only) throws IOException {
        Path description = Files.writeString(directory.resolve("cpuinfo"), "processor : 0\n" + flags + "\n");
        assertThat(InstructionSet.of(description).name()).isEqualTo(name);
        assertThat(InstructionSet.of(description).avx2Only()).isEqualTo(avx2Only);
    }

    @ParameterizedTest
    @CsvSource({
        "avx512,AVX2,avx2",
        "avx512,AVX2_VNNI,avx2",
        "avx512,SSE41,sse",
        "avx512,AVX512_CORE,avx512",
        "avx2,AVX512_CORE,avx2",
        "avx2,ALL,avx2",
        "aarch64,AVX2,aarch64"
    })
    void isNoMoreThanTheEnvironmentLetsLibrariesUse(String processor, String limit, String used) {
        assertThat(new InstructionSet(processor)
                        .within(Map.of("DNNL_MAX_CPU_ISA", limit))
                        .name())
                .isEqualTo(used);
        assertThat(new InstructionSet(processor).within(Map.of()).name()).isEqualTo(processor);
    }

    @Test
    void isNotGuessedWhereNothingTells() {
        assertThat(InstructionSet.of(directory.resolve("none")).name()).isEqualTo(System.getProperty("os.arch"));
        assertThat(InstructionSet.of(directory.resolve("none")).avx2Only()).isFalse();
    }

    @Test
    void whatBitsDependOnIsAmongTheFactsOfTheBackend() {
        assertThat(new Nd4jBackendProvider().open().environment())
                .containsEntry("instructions", InstructionSet.ofProcessor().name())
                .containsKey("threads");
    }
}
