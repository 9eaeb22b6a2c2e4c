package io.tessellate.pipeline.cli;

import io.tessellate.id.Sha256;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.demo.base.DemoBasePretraining;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.log.Logging;
import io.tessellate.text.NumberText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tessellate demo-base}. */
@Command(
        name = "demo-base",
        hidden = true,
        description = "Make the demo's base model again: masked-language modelling on the generated language.",
        footer = {"Examples:", "  tessellate demo-base --out pipeline/src/main/resources/demo/base"})
final class DemoBaseCommand extends HelpOption implements Callable<Integer> {
    private static final int REPORT_EVERY = 100;

    private final Terminal terminal;
    private double sum;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where its files are written.")
    private Path out = Path.of("");

    @Option(
            names = "--steps",
            defaultValue = "5000",
            paramLabel = "N",
            description = "Optimiser steps (default: ${DEFAULT-VALUE}).")
    private int steps = 5000;

    DemoBaseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(out);
        Logging.toFile(Files.createTempFile("tessellate-demo-base", ".log"), Logging.Format.PLAIN);
        Sha256 digest = DemoBasePretraining.make(out, steps, this::report);
        terminal.text("model.safetensors %s%n".formatted(digest));
        return 0;
    }

    private void report(int step, int of, double loss) {
        sum += loss;
        if (step % REPORT_EVERY == 0) {
            terminal.live(
                    "pretrain step %d of %d, loss %s".formatted(step, of, NumberText.fixed(sum / REPORT_EVERY, 3)));
            sum = 0;
        }
    }
}
