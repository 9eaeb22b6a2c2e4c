package io.tessellate.lineage;

import static io.tessellate.lineage.log.Samples.MODEL;
import static io.tessellate.lineage.log.Samples.MRPC;
import static io.tessellate.lineage.log.Samples.OTHER_RUN;
import static io.tessellate.lineage.log.Samples.RUN;
import static io.tessellate.lineage.log.Samples.SST2;
import static io.tessellate.lineage.log.Samples.committed;
import static io.tessellate.lineage.log.Samples.composed;
import static io.tessellate.lineage.log.Samples.lineage;
import static io.tessellate.lineage.log.Samples.logged;
import static io.tessellate.lineage.log.Samples.parent;
import static io.tessellate.lineage.log.Samples.registered;
import static io.tessellate.lineage.log.Samples.reserved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.id.RunId;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.Samples;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.VersionDigest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which adapters a version holds, whatever was taken out before it. */
final class HoldingTest {
    private static final TaskName COLA = new TaskName("cola");
    private static final RunId THIRD_RUN = new RunId("run-3");

    private static Lineage two(RegistryEvent... then) {
        RegistryEvent[] events = new RegistryEvent[5 + then.length];
        events[0] = registered();
        events[1] = reserved(SST2, RUN, 1, 0);
        events[2] = committed(SST2, RUN, 1, 1);
        events[3] = reserved(MRPC, OTHER_RUN, 2, 1);
        events[4] = committed(MRPC, OTHER_RUN, 2, 2);
        System.arraycopy(then, 0, events, 5, then.length);
        return lineage(events);
    }

    @Test
    void aVersionHoldsWhatItsParentHeldAndItsOwn() {
        ModelLine line = two().require(MODEL);

        assertThat(line.holding(2).numbers()).containsExactly(1, 2);
        assertThat(line.parent()).isEqualTo(2);
        assertThat(line.version(2).builtOn()).isEqualTo(1);
        assertThat(line.holding().begins(line.holding(1))).isFalse();
        assertThat(line.holding(1).begins(line.holding())).isTrue();
        assertThat(line.holding().holds(line.holding(1))).isTrue();
        assertThat(line.holding().owned()).isEqualTo(18);
    }

    @Test
    void whatTheLineWentBackFromIsFreeAndStaysOutOfEveryLaterVersion() {
        Lineage lineage = two(parent(1));
        assertThat(lineage.require(MODEL).owned()).isEqualTo(9);
        assertThat(lineage.require(MODEL).currentVersion()).isEqualTo(2);

        lineage.apply(logged(7, reserved(COLA, THIRD_RUN, 3, 1)));
        lineage.apply(logged(8, committed(COLA, THIRD_RUN, 3, 3)));
        ModelLine line = lineage.require(MODEL);

        assertThat(line.holding(3).numbers()).containsExactly(1, 3);
        assertThat(line.version(3).builtOn()).isEqualTo(1);
        assertThat(line.tasks()).extracting(Object::toString).containsExactly("glue/sst2", "glue/cola");
        assertThat(line.versionDigest(3))
                .isEqualTo(VersionDigest.of(
                        Samples.BASE,
                        List.of(
                                line.commit(1).adapter().sha256(),
                                line.commit(3).adapter().sha256())));
        assertThat(line.taskView(line.versionOf(MRPC).orElseThrow()).numbers())
                .as("the view of the task that was taken out")
                .containsExactly(1, 2);
        assertThat(line.adaptersInUse())
                .as("what versions to come are made of")
                .containsExactly(line.commit(1).adapter(), line.commit(3).adapter());
    }

    @Test
    void aVersionThatIsComposedHoldsExactlyWhatItSaysAndIsBuiltOn() {
        Lineage lineage = two(composed(3, SST2, 2));
        lineage.apply(logged(7, reserved(SST2, THIRD_RUN, 3, 3)));
        lineage.apply(logged(8, committed(SST2, THIRD_RUN, 3, 4)));
        ModelLine line = lineage.require(MODEL);

        assertThat(line.version(3).commit()).isEmpty();
        assertThat(line.version(3).certificate()).hasSize(1);
        assertThat(line.holding(3).taskNames()).containsExactly(MRPC);
        assertThat(line.holding(4).numbers()).containsExactly(2, 4);
        assertThat(line.versionOf(SST2).orElseThrow().number())
                .as("learnt anew")
                .isEqualTo(4);
        assertThat(line.adaptersInUse())
                .as("the own view of mrpc still needs the first adapter of sst2")
                .extracting(StoredFile::name)
                .containsExactly("adapter-1", "adapter-2", "adapter-4");
        assertThatThrownBy(() -> line.commit(3)).hasMessageContaining("composed of versions [2]");
    }

    @Test
    void aLogThatSaysOtherwiseIsRefused() {
        Lineage lineage = two(parent(1));
        lineage.apply(logged(7, reserved(COLA, THIRD_RUN, 3, 1)));
        RegistryEvent wrong = new RegistryEvent.AdapterCommitted(
                COLA,
                THIRD_RUN,
                3,
                3,
                new StoredFile("adapter-3", Samples.digest("adapter-3"), 9),
                "lotto",
                9,
                0,
                "{}",
                Samples.digest("data"),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of(1, 2, 3));

        assertThatThrownBy(() -> lineage.apply(logged(8, wrong)))
                .hasMessageContaining("says it holds [1, 2, 3], and was built to hold [1, 3]");
        assertThatThrownBy(() -> two(parent(3))).hasMessageContaining("names version 3 of 2");
        assertThatThrownBy(() -> two(composed(3, null, 3))).hasMessageContaining("names version 3 of 2");
    }
}
