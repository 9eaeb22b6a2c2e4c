package io.tessellate.registry.topology;

import static io.tessellate.registry.command.Bench.SST2;
import static io.tessellate.registry.command.Bench.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.RegistryCommand;
import io.tessellate.event.TrainingEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.registry.command.BenchFixture;
import io.tessellate.registry.command.Workshop;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegistryTopologyTest extends BenchFixture {
    @Test
    void theTopologyIsOneSubtopologyWithNamedParts() {
        assertThat(bench.topology().describe().toString()).isEqualTo("""
                        Topologies:
                           Sub-topology: 0
                            Source: commands (topics: [tessellate.registry-commands])
                              --> read-commands
                            Source: forgetting (topics: [tessellate.forgetting])
                              --> read-forgetting
                            Source: trainings (topics: [tessellate.trainings])
                              --> read-trainings
                            Processor: read-commands (stores: [])
                              --> decide
                              <-- commands
                            Processor: read-forgetting (stores: [])
                              --> decide
                              <-- forgetting
                            Processor: read-trainings (stores: [])
                              --> decide
                              <-- trainings
                            Processor: decide (stores: [ledger, waiting])
                              --> log
                              <-- read-commands, read-trainings, read-forgetting
                            Sink: log (topic: tessellate.registry)
                              <-- decide

                        """);
    }

    @Test
    void whatIsNoCommandIsPassedOverCountedAndTheTopologyLivesOn() {
        byte[] junk = "junk".getBytes(StandardCharsets.UTF_8);
        bench.sendBytes(TOPICS.registryCommands(), "glue", junk);
        bench.sendBytes(TOPICS.registryCommands(), "No Such Name", junk);
        bench.sendBytes(TOPICS.registryCommands(), null, junk);
        bench.sendBytes(TOPICS.trainings(), "glue", new byte[] {0, 0, 0, 0, 99, 1, 2});
        bench.sendBytes(TOPICS.forgetting(), "glue", null);
        bench.send(TOPICS.registryCommands(), "other", bench.reserve(SST2, "run-1", "lotto", 0.1));
        bench.send(
                TOPICS.trainings(),
                "glue",
                TrainingEvent.newBuilder()
                        .setModel("glue")
                        .setTask("sst2")
                        .setRunId("run-1")
                        .setAt(Instant.EPOCH)
                        .build());

        assertThat(bench.appended()).isEmpty();
        assertThat(bench.passedOver.count(TOPICS.registryCommands().name())).isEqualTo(4);
        assertThat(bench.passedOver.count(TOPICS.trainings().name())).isEqualTo(2);
        assertThat(bench.passedOver.count(TOPICS.forgetting().name())).isEqualTo(1);
        assertThat(bench.register(Ownership.EXCLUSIVE)).isNotNull();
    }

    @Test
    void aFileNameThatLeadsElsewhereIsRefusedAndTheModelIsNotRegistered() {
        for (String name : List.of("..", ".", "../evil", "a/b", "a\\b", "\u0000", "line\nbreak", "", " ")) {
            RegistryCommand command = bench.register(bench.workshop.base(Ownership.EXCLUSIVE));
            command.getRegisterModel().getFiles().get(1).setName(name);

            bench.send(command);

            assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "must be one segment of a path");
        }
        assertThat(bench.lineage.models()).isEmpty();
    }

    @Test
    void tensorsThatNoModelCanHaveAreRefused() {
        RegistryCommand command = bench.register(bench.workshop.base(Ownership.EXCLUSIVE));
        command.getRegisterModel().getEligible().get(0).setRows(-3);

        bench.send(command);

        assertThat(bench.answer()).isInstanceOf(RegistryEvent.CommandRejected.class);
    }

    @Test
    void aCommandThatHoldsNoneOrTwoIsRefusedUnderItsId() {
        RegistryCommand none = RegistryCommand.newBuilder()
                .setCommandId("empty")
                .setModel("glue")
                .setAt(Instant.EPOCH)
                .build();

        bench.send(none);

        assertCommandRefused(ErrorCode.UNDECODABLE, "command empty must hold exactly one command, not 0");
        assertThat(bench.lineage.answer(Workshop.MODEL, "empty")).isPresent();
    }

    @Test
    void namesThatBreakTheRuleAreRefusedUnderTheCommandsId() {
        RegistryCommand command = bench.reserve(SST2, "run-1", "lotto", 0.1);
        command.getReserveMask().setTask("Not A Task");

        bench.send(command);

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "task 'Not A Task' must be");
        assertThat(bench.lineage.answer(Workshop.MODEL, command.getCommandId())).isPresent();
    }

    @Test
    void everyEventCarriesCloudEventsHeaders() {
        bench.send(bench.register(bench.workshop.base(Ownership.EXCLUSIVE)));

        assertThat(bench.headers().lastHeader("ce_type").value())
                .isEqualTo("io.tessellate.model-registered".getBytes(StandardCharsets.UTF_8));
    }
}
