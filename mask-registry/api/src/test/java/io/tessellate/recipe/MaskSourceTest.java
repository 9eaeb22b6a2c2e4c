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
        assertThat(MaskSource.parse("mrpc").isElsewhere()).isFalse();
    }

    @Test
    void aModelsTaskIsItsNewestDatasetOrTheOneOfADigest() {
        TaskId task = TaskId.of("glue", "mrpc");
        MaskSource.Dataset newest = new MaskSource.Dataset(task, Optional.empty());
        assertThat(MaskSource.parse("glue/mrpc")).isEqualTo(newest);
        assertThat(newest.isEarlier()).isFalse();
        assertThat(newest.isElsewhere()).isTrue();
        String exact = newest.at(DIGEST);
        assertThat(MaskSource.parse(exact)).isEqualTo(new MaskSource.Dataset(task, Optional.of(DIGEST)));
        assertThat(RecipeFields.complete(Map.of("method", "lotto", "maskFrom", exact)))
                .containsEntry("maskFrom", exact);
    }

    @Test
    void aTopicsOffsetsAreItsRecordsWhateverTheyBelongTo() {
        MaskSource.Records records = new MaskSource.Records(
                "Safety.prompts-1",
                List.of(new MaskSource.Stretch(0, 10, 500), new MaskSource.Stretch(3, 0, 1)),
                Optional.empty());
        assertThat(MaskSource.parse("topic:Safety.prompts-1@0:10-500,3:0-1")).isEqualTo(records);
        assertThat(records.isElsewhere()).isTrue();
        assertThat(records.isEarlier()).isFalse();
        String exact = records.at(DIGEST);
        assertThat(exact).isEqualTo("topic:Safety.prompts-1@0:10-500,3:0-1@" + DIGEST.hex());
        assertThat(MaskSource.parse(exact))
                .isEqualTo(new MaskSource.Records(records.topic(), records.stretches(), Optional.of(DIGEST)));
        assertThat(RecipeFields.complete(Map.of("method", "lotto", "maskFrom", exact)))
                .containsEntry("maskFrom", exact);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b/c",
                "/b",
                "a/",
                "A B",
                "a/b@12",
                "mrpc@12",
                "a@b/c",
                "topic:",
                "topic:t",
                "topic:t@0",
                "topic:t@0:5",
                "topic:t@0:5-5",
                "topic:t@0:6-5",
                "topic:t@0:1-2,0:3-4",
                "topic:t@0:1-2,",
                "topic:t@0:-1-2",
                "topic:t@0:1-99999999999999999999",
                "topic:a b@0:1-2",
                "topic:t@0:1-2@12"
            })
    void whatNamesNothingIsRefused(String text) {
        assertThat(RecipeFields.problems(Map.of("method", "lotto", "maskFrom", text)))
                .isEqualTo(List.of("recipe field 'maskFrom' is %s but %s".formatted(text, MaskSource.RULE)));
    }
}
