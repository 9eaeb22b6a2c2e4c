package io.tessellate.evaluator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.analysis.BlameQuestion;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.Author;
import io.tessellate.runtime.http.JsonBody;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the routes are described as, and what of a body they refuse. */
class AnalysisRoutesTest {
    private static final TaskId TASK = TaskId.of("glue", "cola");

    @Test
    void everyRouteIsDescribed() {
        assertThat(AnalysisRoutes.paths())
                .allSatisfy(path -> assertThat(AnalysisRoutes.description()).contains("  " + path + ":\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "text", "{\"versions\":1}", "{\"version\":\"x\"}", "{}{}"})
    void aBodyIsOneJsonObjectOfTheKnownFields(String body) {
        assertThatThrownBy(() -> JsonBody.read(body, BlameBody.class))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    private static BlameBody body(String text) {
        return JsonBody.read(text, BlameBody.class);
    }

    @Test
    void aBoundIsAScoreOfATask() {
        assertThat(JsonBody.read("{\"bounds\":{\"cola\":0.5}}", TransferBody.class)
                        .question(TASK.model(), "token")
                        .bounds())
                .isEqualTo(Map.of(TASK.task(), 0.5));
        TransferBody none = JsonBody.read("{\"bounds\":{\"cola\":null}}", TransferBody.class);
        assertThatThrownBy(() -> none.question(TASK.model(), "token"))
                .hasMessage("the bound of task 'cola' is null, not a score");
    }

    @Test
    void whatIsLeftOutIsLeftOpenAndTheTokenIsAlwaysNamed() {
        assertThat(body("").question(TASK, "token 12345678"))
                .isEqualTo(new BlameQuestion(
                        TASK, OptionalInt.empty(), OptionalInt.empty(), new Author("token 12345678", "")));
        assertThat(body("{\"version\":3,\"scorings\":20,\"who\":\"ada\",\"why\":\"it fell\"}")
                        .question(TASK, "token 12345678"))
                .isEqualTo(new BlameQuestion(
                        TASK, OptionalInt.of(3), OptionalInt.of(20), new Author("ada (token 12345678)", "it fell")));
        assertThatThrownBy(() -> body("{\"scorings\":0}").question(TASK, "token"))
                .hasMessage("scorings must be at least 1, not 0");
    }
}
