package io.tessellate.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a template is refused for, and that none runs away. */
class TemplateTest {
    private static String render(String source, Map<String, ?> variables) {
        return Template.parse(source, Optional.empty()).render(variables);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "a\\n  {% include 'x' %}; line 2, column 6: 'include' is not known here",
                "{{ s|nope }}; line 1, column 6: the filter 'nope' is not known here",
                "{{ s is nope }}; line 1, column 9: the test 'nope' is not known here",
                "{% if x %}; line 1, column 11: '[elif, else, endif]' is missing",
                "{% do x %}; 'do' is not known here",
                "{{ f(*x) }}; arguments from a list or a map are not known here",
                "{% break %}; 'break' stands in no loop",
                "{{ 99999999999999999999 }}; is no whole number of 64 bits",
                "{{ x; line 1, column 1: this tag has no end"
            })
    void whatATemplateCannotUseIsNamedWithLineAndColumn(String source, String said) {
        assertThatThrownBy(() -> render(source.replace("\\n", "\n"), Map.of()))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_MANIFEST))
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "a\\n{{ x.y }}; line 2, column 5: 'x' is undefined",
                "{{ 'a'.zfill(3) }}; the text method 'zfill' is not known here",
                "{{ [].append(1) }}; would change a value",
                "{{ ''.__class__ }}; out of a template's reach",
                "{{ strftime_now('%Y') }}; 'strftime_now' is undefined"
            })
    void whatFailsForARecordIsNamedWithLineAndColumn(String source, String said) {
        assertThatThrownBy(() -> render(source.replace("\\n", "\n"), Map.of()))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPLATE_REFUSED))
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(100000000) %}x{% endfor %}",
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(1000) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(a='x', b='x') %}{% for i in range(60) %}{% set ns.a = [ns.a, ns.a] %}"
                        + "{% set ns.b = [ns.b, ns.b] %}{% endfor %}{{ ns.a == ns.b }}",
                "{{ 'x' * 10000000000 }}",
                "{{ [1] * 10000000000 }}",
                "{% set s = 'x' * 10000 %}{{ s.replace('x', s).replace('x', s) }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
                "{{ 'a'|indent(1000000000) }}",
                "{{ 10 ** 1000000 }}",
                "{% for i in range(1000000) %}xxxxxxxxxx{% endfor %}"
            })
    void aTemplateThatWouldRunAwayIsStopped(String source) {
        assertThatThrownBy(() -> render(source, Map.of()))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPLATE_REFUSED));
    }

    @Test
    void aTemplateNestedTooDeeplyIsRefused() {
        assertThatThrownBy(() -> render("{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}", Map.of()))
                .hasMessageContaining("nested too deeply");
        assertThatThrownBy(() -> render("x".repeat(300_000), Map.of())).hasMessageContaining("allowed are 262144");
    }

    @Test
    void theDayIsWhatIsGivenAndNeverTheClocks() {
        Template template = Template.parse(
                "{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% else %}none{% endif %}",
                Optional.of(LocalDate.of(2024, 7, 6)));
        assertThat(template.render(Map.of())).isEqualTo("06 Jul 2024");
        assertThat(render("{% if strftime_now is defined %}1{% else %}none{% endif %}", Map.of()))
                .isEqualTo("none");
    }

    @Test
    void oneRenderingLeavesNothingForTheNext() {
        Template template = Template.parse("{{ a }}{% set a = 5 %}{{ a }}", Optional.empty());
        assertThat(template.render(Map.of("a", 1))).isEqualTo("15");
        assertThat(template.render(Map.of("a", 2))).isEqualTo("25");
    }
}
