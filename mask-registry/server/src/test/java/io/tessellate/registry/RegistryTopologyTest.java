package io.tessellate.registry;

import static io.tessellate.registry.Bench.SST2;
import static io.tessellate.registry.Bench.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.error.ErrorCode;
import io.tessellate.event.RegistryCommand;
import io.tessellate.lineage.Ownership;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

public final class RegistryTopologyTest extends BenchTest {
    @Test
    public void theTopologyIsOneSubtopologyWithNamedParts() {
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
                            Processor: decide (stores: [ledger])
                              --> log
                              <-- read-commands, read-trainings, read-forgetting
                            Sink: log (topic: tessellate.registry)
                              <-- decide

                        """);
    }

    @Test
    public void bytesThatAreNoCommandAreRefusedAndTheTopologyLivesOn() {
        bench.sendBytes(TOPICS.registryCommands(), "glue", "junk".getBytes(StandardCharsets.UTF_8));
        assertCommandRefused(ErrorCode.UNDECODABLE, "a record of tessellate.registry-commands for model glue");
        bench.sendBytes(TOPICS.trainings(), "glue", new byte[] {0, 0, 0, 0, 99, 1, 2});
        assertCommandRefused(ErrorCode.UNDECODABLE, "the registry knows no schema 99");

        assertThat(bench.register(Ownership.EXCLUSIVE)).isNotNull();
    }

    @Test
    public void aRecordWithoutAValueIsRefused() {
        bench.sendBytes(TOPICS.forgetting(), "glue", null);

        assertCommandRefused(ErrorCode.UNDECODABLE, "the record has no value");
    }

    @Test
    public void aRecordOfNoModelIsDropped() {
        bench.sendBytes(TOPICS.registryCommands(), "No Such Name", new byte[] {1});
        bench.sendBytes(TOPICS.registryCommands(), null, new byte[] {1});

        assertThat(bench.appended()).isEmpty();
    }

    @Test
    public void aCommandUnderAnotherModelsKeyIsRefused() {
        RegistryCommand command = bench.reserve(SST2, "run-1", "lotto", 0.1);

        bench.send(TOPICS.registryCommands(), "other", command);

        assertCommandRefused(ErrorCode.INVALID_FIELD, "its key and its model, glue, must be the same");
    }

    @Test
    public void aCommandThatHoldsNoneOrTwoIsRefusedUnderItsId() {
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
    public void namesThatBreakTheRuleAreRefusedUnderTheCommandsId() {
        RegistryCommand command = bench.reserve(SST2, "run-1", "lotto", 0.1);
        command.getReserveMask().setTask("Not A Task");

        bench.send(command);

        assertCommandRefused(ErrorCode.INVALID_ARGUMENT, "task 'Not A Task' must be");
        assertThat(bench.lineage.answer(Workshop.MODEL, command.getCommandId())).isPresent();
    }

    @Test
    public void everyEventCarriesCloudEventsHeaders() {
        bench.send(bench.register(bench.workshop.base(Ownership.EXCLUSIVE)));

        assertThat(bench.headers().lastHeader("ce_type").value())
                .isEqualTo("io.tessellate.model-registered".getBytes(StandardCharsets.UTF_8));
    }
}
