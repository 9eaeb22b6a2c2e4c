package io.tessellate.registry.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Ownership;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromotionPolicyTest {
    private static final ModelName MODEL = new ModelName("glue");
    private static final TaskName SST2 = new TaskName("sst2");
    private static final TaskName MRPC = new TaskName("mrpc");

    @Test
    void aModelMayBeRegisteredToBeJudgedByWhatCouldBeMeasured() {
        var gap = new JudgeVersion.Gap(SST2, ErrorCode.RECORDS_GONE, "the topic was deleted");
        var measured = new JudgeVersion(2, List.of(SST2, MRPC), List.of(0.0, 0.0), List.of(gap));

        assertThat(events(true, measured))
                .containsExactly(new RegistryEvent.VersionPromoted(
                        2, "no earlier task could be measured; 1 of 2 tasks could not be measured"));
        assertThat(events(false, measured)).hasOnlyElementsOfType(RegistryEvent.VersionQuarantined.class);
    }

    @Test
    void theNewestTaskCountsAmongThoseThatMustBeMeasured() {
        var gap = new JudgeVersion.Gap(MRPC, ErrorCode.NOT_MEASURABLE, "no score");
        var measured = new JudgeVersion(2, List.of(SST2, MRPC), List.of(0.01, 0.0), List.of(gap));

        assertThat(events(false, measured))
                .singleElement()
                .isInstanceOfSatisfying(RegistryEvent.VersionQuarantined.class, quarantined -> {
                    assertThat(quarantined.code()).isEqualTo(ErrorCode.NOT_MEASURABLE);
                    assertThat(quarantined.task()).isEqualTo(MRPC);
                });
        assertThat(events(true, measured))
                .singleElement()
                .isInstanceOfSatisfying(
                        RegistryEvent.VersionPromoted.class,
                        promoted -> assertThat(promoted.reason())
                                .contains("largest drop 0.0100", "1 of 2 tasks could not be measured"));
    }

    private static List<RegistryEvent> events(boolean promoteUnmeasured, JudgeVersion measured) {
        return PromotionPolicy.judge(line(promoteUnmeasured), measured).events();
    }

    private static ModelLine line(boolean promoteUnmeasured) {
        Sha256 digest = Sha256.of(new byte[] {1});
        var lineage = new Lineage();
        var space = new ParameterSpace(List.of(new EligibleTensor("w", 4, 4)));
        log(
                lineage,
                1,
                new RegistryEvent.ModelRegistered(
                        digest, List.of(), space, Ownership.EXCLUSIVE, 0.05, promoteUnmeasured, ""));
        for (int version = 1; version <= 2; version++) {
            TaskName task = version == 1 ? SST2 : MRPC;
            log(
                    lineage,
                    version + 1,
                    new RegistryEvent.AdapterCommitted(
                            task,
                            new RunId("run-" + version),
                            version,
                            version,
                            new StoredFile("adapter", digest, 1),
                            "lotto",
                            1,
                            0,
                            "{}",
                            digest,
                            List.of()));
        }
        return lineage.require(MODEL);
    }

    private static void log(Lineage lineage, long sequence, RegistryEvent event) {
        lineage.apply(new LoggedEvent(MODEL, sequence, null, Instant.EPOCH, event));
    }
}
