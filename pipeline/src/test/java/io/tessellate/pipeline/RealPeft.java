package io.tessellate.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A Python that can import the genuine PEFT, named by the environment variable {@code TESSELLATE_PEFT_PYTHON}; .ci/peft makes
 * one. Without it a test is skipped loudly, and in CI it fails.
 */
final class RealPeft {
    private static final String VARIABLE = "TESSELLATE_PEFT_PYTHON";
    private static final Path EXAMPLES = Path.of("..", "docs", "examples");

    private final String python;

    private RealPeft(String python) {
        this.python = python;
    }

    static RealPeft require() {
        String python = System.getenv(VARIABLE);
        if (python == null || !Files.isExecutable(Path.of(python))) {
            String message =
                    "%s is %s and names no Python that has torch, transformers and peft; .ci/peft DIR makes one"
                            .formatted(VARIABLE, python);
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(message);
            }
            System.err.println("\n*** THE PEFT TEST IS SKIPPED: " + message + " ***\n");
            Assumptions.abort(message);
        }
        return new RealPeft(python);
    }

    /**
     * The logits that an example of the documentation prints: one row for each text.
     *
     * @param base a directory; whatever else the example takes in its place
     */
    float[][] run(String example, String base, Path adapter, List<String> texts) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(python, EXAMPLES.resolve(example).toString(), base, adapter.toString()));
        command.addAll(texts);
        Path errors = Files.createTempFile("peft", ".err");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        if (!ended || process.exitValue() != 0) {
            throw new IOException("%s failed: %s".formatted(example, Files.readString(errors)));
        }
        Files.delete(errors);
        return printed.lines()
                .filter(line -> !line.isBlank())
                .map(RealPeft::numbers)
                .toArray(float[][]::new);
    }

    private static float[] numbers(String line) {
        double[] values = Stream.of(line.trim().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        float[] numbers = new float[values.length];
        for (int n = 0; n < numbers.length; n++) {
            numbers[n] = (float) values[n];
        }
        return numbers;
    }
}
