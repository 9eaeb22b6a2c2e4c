package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.pipeline.broker.Ports;
import io.tessellate.pipeline.broker.SchemaRegistryProcess;
import io.tessellate.pipeline.stack.Member;
import io.tessellate.pipeline.stack.Stack;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.kafka.KafkaContainer;

/** All services on a broker that is not ours: the one in the container. */
@Tag("docker")
class PipelineOnContainerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    @Test
    void aTaskIsTrainedCommittedMeasuredAndVerified() throws IOException {
        RunningTestStack.requireRegistry();
        try (KafkaContainer broker = ContainerEngine.broker();
                SchemaRegistryProcess registry = registry()) {
            broker.start();
            registry.start();
            try (Stack stack = stack(broker, registry)) {
                stack.start();
                stack.awaitReady(PATIENCE);
                goThrough();
            }
        }
    }

    private void goThrough() throws IOException {
        Path base = TinyBase.write(directory.resolve("base"));
        Path task = new TinyTask("red", "blue", 48, 16, 5).write(directory.resolve("colours"));
        run("models", "register", "boxed", "--base", base.toString());

        run("push", "boxed/colours", "--data", task.toString(), "--method", "expander", "--density", "0.25", "--wait");

        JsonNode matrix = run("matrix", "boxed", "--view", "task", "--output", "json");
        assertThat(matrix.path("matrix")).hasSize(1);
        JsonNode masks = run("masks", "boxed", "--output", "json");
        assertThat(masks.path("tasks").path(0).path("owned").asLong()).isPositive();
        assertThat(run("verify", "boxed", "--output", "json").path("ok").asBoolean())
                .isTrue();
    }

    private JsonNode run(String... arguments) {
        Answer answer = RunningTestStack.run(data(), arguments);
        assertThat(answer.exitCode()).as(answer.toString()).isZero();
        return answer.out().startsWith("{") ? answer.json() : MissingNode.getInstance();
    }

    private SchemaRegistryProcess registry() throws IOException {
        Path home = Path.of(System.getProperty("tessellate.registry.home"));
        Path own = Files.createDirectories(directory.resolve("registry"));
        return new SchemaRegistryProcess(home, own, own.resolve("registry.log"), Ports.of(own), 0);
    }

    private Stack stack(KafkaContainer broker, SchemaRegistryProcess registry) {
        Map<String, String> flags = Map.of(
                "tessellate.bootstrap-servers", broker.getBootstrapServers(),
                "tessellate.schema-registry-url", registry.url());
        Configuration configuration = Configuration.load(StackSettings.mappings(), Optional.empty(), Map.of(), flags);
        StackSettings settings = StackSettings.of(configuration, new DataDirectory(data()));
        return new Stack(settings, EnumSet.allOf(Member.class), stage -> {});
    }

    private Path data() {
        return directory.resolve("data");
    }
}
