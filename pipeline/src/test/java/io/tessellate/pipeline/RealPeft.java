package io.tessellate.pipeline;

import com.fasterxml.jackson.databind.json.JsonMapper;
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

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String END = "--- end of a script ---";

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
        return run(example, List.of(new Asked(base, adapter, texts))).get(0);
    }

    /**
     * An adapter and what it is asked.
     *
     * @param base a directory; whatever else the example takes in its place
     */
    record Asked(String base, Path adapter, List<String> texts) {
        private Script script(String code) {
            List<String> arguments =
                    new ArrayList<>(List.of(base, adapter.toAbsolutePath().toString()));
            arguments.addAll(texts);
            return new Script(adapter, code, arguments);
        }
    }

    /** The logits of several adapters, each for itself. */
    List<float[][]> run(String example, List<Asked> asked) throws Exception {
        String code = Files.readString(EXAMPLES.resolve(example));
        return lines(asked.stream().map(each -> each.script(code)).toList()).stream()
                .map(lines -> lines.stream()
                        .filter(line -> !line.isBlank())
                        .map(RealPeft::numbers)
                        .toArray(float[][]::new))
                .toList();
    }

    /**
     * Lines of Python as they are run in a folder.
     *
     * @param code goes to predict.py
     */
    record Script(Path folder, String code, List<String> arguments) {}

    /** What scripts print, each for itself, run by one Python one after the other: what they import is loaded once. */
    List<List<String>> lines(List<Script> scripts) throws Exception {
        StringBuilder all = new StringBuilder("import os, runpy, sys\n");
        for (Script script : scripts) {
            Files.writeString(script.folder().resolve("predict.py"), script.code());
            all.append("os.chdir(%s)\nsys.argv = [\"predict.py\"] + %s\n"
                    .formatted(
                            JSON.writeValueAsString(script.folder().toString()),
                            JSON.writeValueAsString(script.arguments())));
            all.append("runpy.run_path(\"predict.py\", run_name=\"__main__\")\nprint(\"%s\")\n".formatted(END));
        }
        List<List<String>> found = new ArrayList<>(List.of(new ArrayList<>()));
        printed(Path.of("."), List.of(python, "-c", all.toString())).forEach(line -> {
            if (line.equals(END)) {
                found.add(new ArrayList<>());
            } else {
                found.get(found.size() - 1).add(line);
            }
        });
        return found.subList(0, scripts.size());
    }

    private static Stream<String> printed(Path folder, List<String> command) throws Exception {
        Path errors = Files.createTempFile("peft", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor(3, TimeUnit.MINUTES);
        if (!ended || process.exitValue() != 0) {
            throw new IOException("%s failed: %s".formatted(command.get(1), Files.readString(errors)));
        }
        Files.delete(errors);
        return printed.lines();
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
