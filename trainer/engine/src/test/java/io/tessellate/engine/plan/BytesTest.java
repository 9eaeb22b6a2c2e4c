package io.tessellate.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "999,999 B",
        "1000,1.00 kB",
        "9994,9.99 kB",
        "9996,10.0 kB",
        "99960,100 kB",
        "999600,1.00 MB",
        "1240000000,1.24 GB",
        "80000000000,80.0 GB"
    })
    void areWrittenWithThreeDigits(long count, String text) {
        assertThat(new Bytes(count)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "512MB,512000000",
        "80 GB,80000000000",
        "1.5g,1500000000",
        "16GiB,17179869184",
        "4096,4096",
        "2KiB,2048",
        "7B,7"
    })
    void areReadWithTheirUnit(String text, long count) {
        assertThat(Bytes.parse("--memory", text).count()).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GB", "-1GB", "1 XB", "1e9", "80GB of memory"})
    void whatIsNoAmountIsRefused(String text) {
        assertThatThrownBy(() -> Bytes.parse("--memory", text))
                .isInstanceOf(TessellateException.class)
                .hasMessage("--memory is '%s' but must be a number of bytes with a unit, for example 80GB or 16GiB"
                        .formatted(text));
    }

    @Test
    void noMemoryIsNoAmountEither() {
        assertThatThrownBy(() -> Bytes.parse("--memory", "0GB"))
                .hasMessage("--memory is 0GB, which is no amount of memory");
    }
}
