package io.tessellate.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.recipe.Recipe;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Reservation;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.ExpanderClass;
import io.tessellate.mask.grant.Grant;
import io.tessellate.mask.grant.Ownership;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncoderTrainingTest {
    private static final ExpanderClass CLASS = new ExpanderClass(4, 1, 7, false);

    @Test
    void onASharedModelAClassIsTrainedThoughEarlierTasksOwnIt() {
        assertThat(grant(Ownership.SHARED).mayOverlap()).isTrue();
        assertThat(grant(Ownership.EXCLUSIVE).mayOverlap()).isFalse();
        assertThat(grant(Ownership.SHARED).lift()).contains(CLASS);
    }

    private static Grant grant(Ownership ownership) {
        var reservation = new Reservation(
                TaskId.parse("glue/sst2"),
                new RegistryEvent.MaskReserved(new TaskName("sst2"), new RunId("run-1"), 1, 0, 10, "expander", CLASS));
        return EncoderTraining.grant(reservation, Recipe.of(Map.of("density", 0.25)), ownership);
    }
}
