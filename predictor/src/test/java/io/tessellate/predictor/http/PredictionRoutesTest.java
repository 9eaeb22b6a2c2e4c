package io.tessellate.predictor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the routes are described as, and what of a body they refuse. */
class PredictionRoutesTest {
    @Test
    void everyRouteIsDescribed() {
        String description = PredictionRoutes.description();
        assertThat(PredictionRoutes.paths())
                .hasSize(11)
                .allSatisfy(path -> assertThat(description).contains("  " + path + ":\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "text", "{\"a\":1}{\"b\":2}", "{\"a\":1,\"a\":2}"})
    void aBodyIsOneJsonObject(String body) {
        assertThatThrownBy(() -> PredictionRoutes.body(body))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void tensorsOfTextsAreRecords() {
        assertThat(InferenceTensors.records(Map.of(
                        "inputs",
                        List.of(
                                tensor("prompt", List.of(2), List.of("a", "b")),
                                tensor("choices", List.of(2, 2), List.of(List.of("c", "d"), List.of("e", "f")))))))
                .containsExactly(
                        Map.of("prompt", "a", "choices", List.of("c", "d")),
                        Map.of("prompt", "b", "choices", List.of("e", "f")));
    }

    @Test
    void tensorsThatDoNotFitAreRefused() {
        refused(Map.of(), "'inputs' must be a list of tensors");
        refused(
                Map.of("inputs", List.of(tensor("text", List.of(2), List.of("a")))),
                "input 'text' has shape [2] and 1 elements");
        refused(
                Map.of(
                        "inputs",
                        List.of(tensor("text", List.of(1), List.of("a")), tensor("id", List.of(2), List.of("1", "2")))),
                "input 'id' has 2 elements, another has 1");
        refused(
                Map.of(
                        "inputs",
                        List.of(Map.of("name", "text", "datatype", "FP32", "shape", List.of(1), "data", List.of(1)))),
                "input 'text' has datatype FP32, needed is BYTES");
    }

    private static Map<String, Object> tensor(String name, List<Integer> shape, List<?> data) {
        return Map.of("name", name, "datatype", "BYTES", "shape", shape, "data", data);
    }

    private static void refused(Map<String, ?> body, String message) {
        assertThatThrownBy(() -> InferenceTensors.records(body))
                .isInstanceOf(TessellateException.class)
                .hasMessage(message);
    }
}
