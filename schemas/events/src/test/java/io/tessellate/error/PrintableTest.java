package io.tessellate.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrintableTest {
    @Test
    void usualTextStaysAsItIs() {
        String text = "Größe 12 \u20ac, 日本語, \uD83D\uDE00 and 'quotes'";

        assertThat(Printable.line(text)).isSameAs(text);
        assertThat(Printable.lines("one\n\ttwo")).isEqualTo("one\n\ttwo");
    }

    @Test
    void whatMovesACursorForgesALineOrTurnsTextAroundIsEscaped() {
        assertThat(Printable.line("a\u001b[2Jb")).isEqualTo("a\\u001b[2Jb");
        assertThat(Printable.line("a\r\n2026 ERROR forged")).isEqualTo("a\\u000d\\u000a2026 ERROR forged");
        assertThat(Printable.line("abc\u202ecba\u2066x\u200b")).isEqualTo("abc\\u202ecba\\u2066x\\u200b");
        assertThat(Printable.line("\u0085\u2028\u2029\u007f\u009b")).isEqualTo("\\u0085\\u2028\\u2029\\u007f\\u009b");
        assertThat(Printable.lines("a\rb\u001b")).isEqualTo("a\\u000db\\u001b");
    }

    @ParameterizedTest
    @CsvSource({"0xD800", "0xDFFF", "0x0000", "0x0008", "0x00AD", "0xFEFF", "0xE0041"})
    void aCharacterThatCannotBeSeenIsShownByItsNumber(String hex) {
        String text = "x" + new String(Character.toChars(Integer.decode(hex))) + "y";

        assertThat(Printable.line(text)).startsWith("x\\u").endsWith("y").matches("[ -~]+");
    }
}
