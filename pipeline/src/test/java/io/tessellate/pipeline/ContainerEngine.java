package io.tessellate.pipeline;

import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** The engine that runs the broker's image, where there is one. */
final class ContainerEngine {

    private static final Duration STARTUP = Duration.ofMinutes(3);

    private ContainerEngine() {}

    /** A broker, not yet started; ends the test, loudly, where no engine runs or the image was not built. */
    static KafkaContainer broker() {
        String image = System.getProperty("tessellate.kafka.image", "tessellate/kafka:4.3.1");
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            skip("no Docker engine answers");
        }
        try {
            DockerClientFactory.instance().client().inspectImageCmd(image).exec();
        } catch (NotFoundException e) {
            skip("the image " + image + " is missing; docker/build kafka makes it");
        }
        return new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"))
                .withStartupTimeout(STARTUP);
    }

    private static void skip(String reason) {
        System.err.println("\n*** THE DOCKER TEST IS SKIPPED: " + reason + " ***\n");
        Assumptions.abort(reason);
    }
}
