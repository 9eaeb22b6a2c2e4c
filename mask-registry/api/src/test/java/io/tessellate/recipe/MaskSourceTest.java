package io.tessellate.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MaskSourceTest {
    private static final Sha256 DIGEST = Sha256.of(new byte[] {1});

    @Test
    void nothingIsTheTasksOwnAndANameAnEarlierTask() {
        assertThat(MaskSource.parse("")).isEqualTo(new MaskSource.Own());
        assertThat(MaskSource.parse("mrpc")).isEqualTo(new MaskSource.Earlier("mrpc"));
        assertThat(MaskSource.parse("mrpc").isEarlier()).isTrue();
        assertThat(MaskSource.parse("mrpc").dataset()).isEmpty();
    }

    @Test
    void aModelsTaskIsItsNewestDatasetOrTheOneOfADigest() {
        TaskId task = TaskId.of("glue", "mrpc");
        MaskSource newest = MaskSource.parse("glue/mrpc");
        assertThat(newest.dataset()).hasValue(new MaskSource.Dataset(task, Optional.empty()));
        assertThat(newest.isEarlier()).isFalse();
        String exact = newest.dataset().orElseThrow().at(DIGEST);
        assertThat(MaskSource.parse(exact).dataset()).hasValue(new MaskSource.Dataset(task, Optional.of(DIGEST)));
        assertThat(RecipeFields.complete(Map.of("method", "lotto", "maskFrom", exact)))
                .containsEntry("maskFrom", exact);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b/c", "/b", "a/", "A B", "a/b@12", "mrpc@12", "a@b/c"})
    void whatNamesNothingIsRefused(String text) {
        assertThat(RecipeFields.problems(Map.of("method", "lotto", "maskFrom", text)))
                .isEqualTo(List.of("recipe field 'maskFrom' is %s but %s"
                        .formatted(text, "must be the name of a task, MODEL/TASK, MODEL/TASK@DIGEST or empty")));
    }
}
