package io.tessellate.engine.backend.nd4j;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks NVIDIA's own tool, which comes with the driver, so that no native library has to be loaded to be refused. */
final class NvidiaSmi {
    private static final int SECONDS = 20;

    private NvidiaSmi() {}

    static Gpus survey() {
        return survey(List.of("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader"));
    }

    static Gpus survey(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Gpus.none(command.get(0) + " does not end");
            }
            return process.exitValue() == 0
                    ? Gpus.parse(answer.lines().toList())
                    : Gpus.none("%s: %s".formatted(command.get(0), answer.strip()));
        } catch (IOException e) {
            return Gpus.none("no driver: %s is not there".formatted(command.get(0)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Gpus.none("interrupted");
        }
    }
}
