package io.tessellate.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrorCodeTest {
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasAStatusOfItsCategory(ErrorCode code) {
        int hundreds = code.httpStatus() / 100;
        switch (code.category()) {
            case INTERNAL, UNAVAILABLE -> assertThat(hundreds).isEqualTo(5);
            case USAGE, UNAUTHORIZED, NOT_FOUND, DATA, CONFLICT ->
                assertThat(hundreds).isEqualTo(4);
        }
    }

    @Test
    void onlyWrongUsageExitsWithTwo() {
        assertThat(Arrays.stream(ErrorCode.values()).filter(code -> code.exitCode() == 2))
                .allMatch(code -> code.category() == ErrorCode.Category.USAGE);
        assertThat(ErrorCode.DEFECT.exitCode()).isEqualTo(1);
    }
}
