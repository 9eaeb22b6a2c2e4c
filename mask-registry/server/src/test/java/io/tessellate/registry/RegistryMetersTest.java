package io.tessellate.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tessellate.error.ErrorCode;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RegistryMetersTest {
    @Test
    void whatIsDoneToAModelIsCountedByItsKind() {
        var meters = new SimpleMeterRegistry();
        var registry = new RegistryMeters(meters);
        var model = new ModelName("bot");
        RegistryEvent failed = new RegistryEvent.VersionQuarantined(2, new TaskName("tone"), 0.2, 0.1);
        RegistryEvent parked =
                new RegistryEvent.ModelParked(ErrorCode.BLOB_DAMAGED, "a file is gone", null, null, null);

        registry.seen(new LoggedEvent(model, 1, null, Instant.EPOCH, failed), new Lineage());
        registry.seen(new LoggedEvent(model, 2, null, Instant.EPOCH, failed), new Lineage());
        registry.seen(new LoggedEvent(model, 3, null, Instant.EPOCH, parked), new Lineage());

        assertThat(count(meters, "quarantined")).isEqualTo(2);
        assertThat(count(meters, "parked")).isEqualTo(1);
        assertThat(count(meters, "promoted")).isZero();
    }

    private static double count(SimpleMeterRegistry meters, String act) {
        return meters.counter("tessellate.registry.acts", "model", "bot", "act", act)
                .count();
    }
}
