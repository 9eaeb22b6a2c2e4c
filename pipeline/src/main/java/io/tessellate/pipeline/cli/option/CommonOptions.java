package io.tessellate.pipeline.cli.option;

import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.OutputFormat;
import io.tessellate.runtime.config.Configuration;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.log.Logging;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every command takes. */
public final class CommonOptions {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Where the stack keeps everything (default: $$TESSELLATE_DATA_DIR, else ./data).")
    private @Nullable Path dataDirectory;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (YAML).")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A configuration key, for example tessellate.http.port=8080.")
    private Map<String, String> keys = new HashMap<>();

    @Option(
            names = "--output",
            paramLabel = "table|json",
            defaultValue = "table",
            description = "How the answer is printed (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TABLE;

    public OutputFormat output() {
        return output;
    }

    /** Everything the command was told, checked. */
    public StackSettings settings() {
        Map<String, String> flags = new HashMap<>(keys);
        if (dataDirectory != null) {
            flags.put("tessellate.data-dir", dataDirectory.toString());
        }
        Configuration configuration =
                Configuration.load(StackSettings.mappings(), Optional.ofNullable(file), System.getenv(), flags);
        return StackSettings.of(configuration, new DataDirectory(Path.of("data")));
    }

    /** Sends log lines to a file of the data directory. */
    public static void log(StackSettings settings, String file) {
        Logging.toFile(settings.data().directory("logs").resolve(file), settings.logFormat());
    }
}
