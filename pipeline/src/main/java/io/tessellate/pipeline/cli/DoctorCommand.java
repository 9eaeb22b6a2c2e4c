package io.tessellate.pipeline.cli;

import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.cli.option.TimeLimit;
import io.tessellate.pipeline.doctor.Diagnosis;
import io.tessellate.pipeline.doctor.Doctor;
import io.tessellate.pipeline.doctor.DoctorReport;
import io.tessellate.pipeline.doctor.Examination;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.log.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tessellate doctor}. */
@Command(
        name = "doctor",
        description =
                "Look at everything that Tessellate needs: Java, memory, disk, processor, GPU and libtorch, ports, broker,"
                        + " schema registry, topics, clock.",
        footer = {
            "Changes nothing, and works whether anything runs or not. Exit code 1 if something is wrong.",
            "",
            "Examples:",
            "  tessellate doctor",
            "  tessellate doctor --output json --set tessellate.backend=torch:cuda"
        })
final class DoctorCommand extends HelpOption implements Callable<Integer> {
    private static final Duration USUAL = Duration.ofSeconds(60);
    private static final String CONFIGURATION = "configuration";

    private final Terminal terminal;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private TimeLimit time = new TimeLimit();

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path log = Files.createTempFile("tessellate-doctor", ".log");
        Logging.toFile(log, Logging.Format.PLAIN);
        List<Examination> examinations = new ArrayList<>();
        StackSettings settings;
        try {
            settings = options.settings();
            examinations.add(new Examination(
                    CONFIGURATION, () -> new Diagnosis(CONFIGURATION, Diagnosis.Verdict.GOOD, "it can be read", "")));
        } catch (TessellateException e) {
            settings = usual();
            examinations.add(new Examination(
                    CONFIGURATION,
                    () -> new Diagnosis(
                            CONFIGURATION,
                            Diagnosis.Verdict.WRONG,
                            String.valueOf(e.getMessage()),
                            "mend it; all else here was looked at with the usual settings")));
        }
        examinations.addAll(Doctor.all(settings));
        Duration limit = time.limit();
        DoctorReport report = new DoctorReport(new Doctor(examinations, limit == null ? USUAL : limit).examine());
        terminal.answer(report, options.output());
        Files.deleteIfExists(log);
        report.failure().ifPresent(wrong -> {
            throw wrong;
        });
        return 0;
    }

    private static StackSettings usual() {
        return StackSettings.of(
                Configuration.load(StackSettings.mappings(), Optional.empty(), Map.of(), Map.of()),
                new DataDirectory(Path.of("data")));
    }
}
