package io.tessellate.evaluator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.blame.BlameQuestion;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.Author;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the routes are described as, and what of a body they refuse. */
class BlameRoutesTest {
    private static final TaskId TASK = TaskId.of("glue", "cola");

    @Test
    void everyRouteIsDescribed() {
        assertThat(BlameRoutes.paths())
                .allSatisfy(path -> assertThat(BlameRoutes.description()).contains("  " + path + ":\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "text", "{\"versions\":1}", "{\"version\":\"x\"}", "{}{}"})
    void aBodyIsOneJsonObjectOfTheKnownFields(String body) {
        assertThatThrownBy(() -> BlameRoutes.body(body))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void whatIsLeftOutIsLeftOpenAndTheTokenIsAlwaysNamed() {
        assertThat(BlameRoutes.body("").question(TASK, "token 12345678"))
                .isEqualTo(new BlameQuestion(
                        TASK, OptionalInt.empty(), OptionalInt.empty(), new Author("token 12345678", "")));
        assertThat(BlameRoutes.body("{\"version\":3,\"scorings\":20,\"who\":\"ada\",\"why\":\"it fell\"}")
                        .question(TASK, "token 12345678"))
                .isEqualTo(new BlameQuestion(
                        TASK, OptionalInt.of(3), OptionalInt.of(20), new Author("ada (token 12345678)", "it fell")));
        assertThatThrownBy(() -> BlameRoutes.body("{\"scorings\":0}").question(TASK, "token"))
                .hasMessage("scorings must be at least 1, not 0");
    }
}
