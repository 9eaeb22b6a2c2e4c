package io.tessellate.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.recipe.Recipe;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecipeReaderTest {
    @Test
    void noRecipeMeansTheDefaults() {
        assertThat(RecipeReader.read(null)).isEqualTo(Recipe.of(Map.of()));
    }

    @Test
    void fieldsThatAreGivenWinOverDefaults() {
        var recipe = io.tessellate.event.Recipe.newBuilder()
                .setMethod("expander")
                .setDensity(0.05)
                .setSeed(17L)
                .build();

        Recipe read = RecipeReader.read(recipe);

        assertThat(read.method()).isEqualTo("expander");
        assertThat(read.density()).isEqualTo(0.05);
        assertThat(read.seed()).isEqualTo(17);
    }

    @Test
    void aValueOutOfRangeIsRefusedByName() {
        var recipe = io.tessellate.event.Recipe.newBuilder().setDensity(1.5).build();

        assertThatThrownBy(() -> RecipeReader.read(recipe))
                .hasMessageContaining("density")
                .hasMessageContaining("1.5");
    }
}
