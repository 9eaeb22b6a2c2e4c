package io.tessellate.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.mask.grant.MaskRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PresetTest {
    private static SortedMap<String, Object> complete(Preset preset, Map<String, Object> more) {
        Map<String, Object> given = new HashMap<>(more);
        given.put("preset", preset.text());
        return RecipeFields.complete(given);
    }

    @Test
    void theFieldMayNameEveryPresetOrNone() {
        FieldType.Words words = (FieldType.Words) RecipeField.PRESET.rule();
        List<String> names = Arrays.stream(Preset.values()).map(Preset::text).toList();
        assertThat(words.words())
                .startsWith("none")
                .endsWith(names.toArray(String[]::new))
                .hasSize(1 + names.size());
    }

    @ParameterizedTest
    @EnumSource
    void aPresetIsACompleteRecipeThatKeepsItsName(Preset preset) {
        SortedMap<String, Object> fields = complete(preset, Map.of());
        assertThat(fields).containsAllEntriesOf(preset.fields()).containsEntry("preset", preset.text());
        assertThat(RecipeFields.complete(fields)).isEqualTo(fields);
        assertThat(RecipeFields.stated(fields)).containsEntry("preset", preset.text());
        assertThat(RecipeFields.problems(Map.of("preset", preset.text()))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aPresetSaysOnlyWhatKeepsToTheRulesInTheFormInWhichItIsKept(Preset preset) {
        preset.fields()
                .forEach((name, value) -> assertThat(
                                RecipeField.named(name).orElseThrow().canonical(value))
                        .isEqualTo(value));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsGivenComesBeforeThePreset(Preset preset) {
        SortedMap<String, Object> fields = complete(preset, Map.of("epochs", 7, "density", 0.2, "replayShare", 0.5));
        assertThat(fields)
                .containsEntry("epochs", 7.0)
                .containsEntry("density", 0.2)
                .containsEntry("replayShare", 0.5);
        assertThat(fields.get("batchSize")).isEqualTo(preset.fields().get("batchSize"));
    }

    @Test
    void aLotteryTicketsGivenRateIsThatOfBothItsTrainings() {
        assertThat(complete(Preset.LOTA_PAPER, Map.of("learningRate", 1e-3)))
                .containsEntry("learningRate", 1e-3)
                .containsEntry("calibrationLearningRate", 1e-3);
        assertThat(complete(Preset.LOTTO_PAPER, Map.of("learningRate", 1e-3, "calibrationLearningRate", 1e-4)))
                .containsEntry("calibrationLearningRate", 1e-4);
        assertThat(complete(Preset.LOTTO_PAPER, Map.of("learningRate", "auto")))
                .containsEntry("calibrationLearningRate", 0.0);
        assertThat(complete(Preset.LOTA_PAPER, Map.of())).containsEntry("calibrationLearningRate", 1e-6);
    }

    @Test
    void whatContradictsAPresetIsSaidByTheFieldsName() {
        assertThat(RecipeFields.problems(Map.of("preset", "lota-paper", "method", "full")))
                .isNotEmpty()
                .allMatch(problem -> problem.startsWith("recipe field 'calibration"));
    }

    @Test
    void theRegistryIsAskedForWhatThePresetSays() {
        MaskRequest request = MaskRequest.ofRecipe(Map.of("preset", "dlth-paper", "density", 0.02));
        assertThat(request)
                .isEqualTo(new MaskRequest("expander", 0.02, request.exhaustion(), true, request.parallelFrom()));
        assertThat(MaskRequest.ofRecipe(Map.of("preset", "lotto-paper")).method())
                .isEqualTo("lotto");
    }

    @Test
    void withoutOneNothingIsOtherThanItWas() {
        assertThat(Preset.expanded(Map.of("epochs", 2, "preset", "none"))).containsOnlyKeys("epochs", "preset");
        assertThat(RecipeFields.stated(RecipeFields.complete(Map.of()))).doesNotContainKey("preset");
    }

    @Test
    void theDocumentationNamesEveryPreset() throws IOException {
        String page = Files.readString(Path.of("../../docs/methods/presets.md"));
        assertThat(Preset.values()).allSatisfy(preset -> assertThat(page).contains("`" + preset.text() + "`"));
    }
}
