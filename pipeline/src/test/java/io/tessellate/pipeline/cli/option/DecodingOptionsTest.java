package io.tessellate.pipeline.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.event.Decoding;
import io.tessellate.event.TaskManifest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DecodingOptionsTest {
    private static @Nullable Decoding over(@Nullable Decoding manifest, String... flags) {
        TaskManifest.Builder builder =
                TaskManifest.newBuilder().setModel("m").setTask("t").setDecoding(manifest);
        CommandLine.populateCommand(new DecodingOptions(), flags).over(builder);
        return builder.build().getDecoding();
    }

    @Test
    void everyFlagSetsItsField() {
        assertThat(over(
                        null,
                        "--temperature=0.6",
                        "--top-k=50",
                        "--top-p=0.9",
                        "--decoding-seed=7",
                        "--max-new-tokens=512"))
                .isEqualTo(new Decoding(0.6, 50, 0.9, 7L, 512));
    }

    @Test
    void aFlagOverrulesItsFieldAloneAndWithoutFlagsTheManifestStays() {
        Decoding manifest = new Decoding(0.6, 50, null, null, null);
        assertThat(over(manifest, "--top-k=5")).isEqualTo(new Decoding(0.6, 5, null, null, null));
        assertThat(over(manifest)).isEqualTo(manifest);
        assertThat(over(null)).isNull();
        assertThat(manifest.getTopK()).isEqualTo(50);
    }

    @Test
    void whatIsNoNumberIsRefused() {
        assertThatExceptionOfType(CommandLine.ParameterException.class)
                .isThrownBy(() -> over(null, "--top-k=1.5"))
                .withMessageContaining("--top-k");
    }
}
