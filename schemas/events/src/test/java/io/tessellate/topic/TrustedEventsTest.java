package io.tessellate.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs in a process of its own, where no test has opened another door to the events before. */
final class TrustedEventsTest {
    /** Builds an event whose defaults need trust. */
    static final class Program {
        private Program() {}

        /** The program. */
        public static void main(String[] arguments) {
            var manifest = io.tessellate.event.TaskManifest.newBuilder()
                    .setModel("m")
                    .setTask("t")
                    .build();
            System.exit(manifest.getObjective() == null ? 1 : 0);
        }
    }

    @Test
    void anEventCanBeBuiltBeforeAnythingElseIsUsed() throws Exception {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        Process process = new ProcessBuilder(
                        java, "-Xmx64m", "-cp", System.getProperty("java.class.path"), Program.class.getName())
                .inheritIO()
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
