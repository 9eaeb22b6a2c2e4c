package io.tessellate.pipeline.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.http.AnalysisRoutes;
import io.tessellate.lineage.log.Author;
import io.tessellate.runtime.http.JsonBody;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastRoutesTest {
    @Test
    void theRouteIsDescribedBesideWhatElseIsAskedAboutAModel() throws IOException {
        try (InputStream in = Objects.requireNonNull(AnalysisRoutes.class.getResourceAsStream("analyses.yaml"))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .contains("  " + ForecastRoutes.PATH + ":\n");
        }
    }

    @Test
    void whatIsLeftOutIsUsualAndTheTokenIsAlwaysNamed() {
        ForecastRoutes.Body nothing = body("");
        assertThat(nothing.shareOrUsual()).isEqualTo(0.25);
        assertThat(nothing.author("token 12345678")).isEqualTo(new Author("token 12345678", ""));
        ForecastRoutes.Body all = body("{\"share\":1,\"who\":\"ada\",\"why\":\"before the next\"}");
        assertThat(all.shareOrUsual()).isEqualTo(1);
        assertThat(all.author("token 12345678")).isEqualTo(new Author("ada (token 12345678)", "before the next"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "text", "{\"density\":0.1}", "{\"share\":\"x\"}", "{}{}"})
    void aBodyIsOneJsonObjectOfTheKnownFields(String text) {
        assertThatThrownBy(() -> body(text))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    private static ForecastRoutes.Body body(String text) {
        return JsonBody.read(text, ForecastRoutes.Body.class);
    }
}
