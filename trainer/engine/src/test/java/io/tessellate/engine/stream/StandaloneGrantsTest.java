package io.tessellate.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.model.fixture.ToyEncoder;
import io.tessellate.engine.model.weights.ParameterLayout;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.expander.QuasiCyclicLift;
import io.tessellate.mask.grant.ClassPartition;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Grant;
import io.tessellate.mask.grant.GrantRule;
import io.tessellate.mask.grant.MaskRequest;
import io.tessellate.mask.grant.Ownership;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run without a registry is granted what the registry grants, which its own test holds against the same rule. */
class StandaloneGrantsTest {
    private static final ParameterLayout LAYOUT = ParameterLayout.of(ToyEncoder.CONFIG);
    private static final ParameterSpace SPACE = LAYOUT.eligible();

    @ParameterizedTest
    @ValueSource(
            doubles = {1, 0.9, 0.667, 0.6666666666666666, 0.6, 0.51, 0.5, 0.4, 0.3, 0.25, 0.1, 0.094, 0.09, 1e-9, 5e-324
            })
    void aClassOrRefusalIsWhatTheOneRuleSays(double density) {
        Map<String, Object> fields = Map.of("method", "expander", "density", density);
        Optional<TessellateException> refusal =
                new GrantRule(SPACE, Ownership.EXCLUSIVE).refusal(MaskRequest.ofRecipe(fields));
        if (refusal.isPresent()) {
            assertThatThrownBy(() -> grant(fields, Mask.none(SPACE)))
                    .hasMessage(refusal.get().getMessage())
                    .extracting(e -> ((TessellateException) e).code())
                    .isEqualTo(refusal.get().code());
        } else {
            ClassPartition partition = ClassPartition.of(ToyEncoder.digest(), SPACE, density, false);
            Grant grant = grant(fields, Mask.none(SPACE));
            assertThat(grant.lift()).contains(partition.at(0));
            assertThat(grant.budget()).isEqualTo(mask(partition.at(0)).cardinality());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "lora", "lotto", "matchings", "switches", "one_sided", "random"})
    void aBudgetIsWhatTheOneRuleSays(String method) {
        Map<String, Object> fields = method.equals("full") || method.equals("lora")
                ? Map.of("method", method)
                : Map.of("method", method, "density", 0.3);
        assertThat(grant(fields, Mask.none(SPACE)).budget())
                .isEqualTo(new GrantRule(SPACE, Ownership.SHARED).weights(MaskRequest.ofRecipe(fields)));
    }

    @Test
    void theLowestClassWithoutAnOwnedWeightIsGrantedUntilNoneIsLeft() {
        Map<String, Object> fields = Map.of("method", "expander", "density", 0.5);
        ClassPartition partition = ClassPartition.of(ToyEncoder.digest(), SPACE, 0.5, false);
        Mask first = mask(partition.at(0));
        assertThat(grant(fields, first).lift()).contains(partition.at(1));
        assertThatThrownBy(() -> grant(fields, first.union(mask(partition.at(1)))))
                .extracting(e -> ((TessellateException) e).code())
                .isEqualTo(ErrorCode.CAPACITY);
    }

    private static Grant grant(Map<String, Object> fields, Mask owned) {
        return new StandaloneGrants(ToyEncoder.digest()).grant(Recipe.of(fields), owned, LAYOUT);
    }

    private static Mask mask(ExpanderClass lift) {
        return new QuasiCyclicLift(SPACE, lift.lift(), lift.seed(), lift.shared()).mask(lift.index());
    }
}
