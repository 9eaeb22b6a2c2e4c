package io.tessellate.runtime.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.file.TextFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * The whole configuration of a process: a YAML file, overruled by the environment ({@code TESSELLATE_KAFKA_...}),
 * overruled by flags. It is read completely before anything is connected; all problems come out together, unknown keys
 * with the nearest known one.
 */
public final class Configuration {
    private static final int FILE_ORDINAL = 200;
    private static final int ENVIRONMENT_ORDINAL = 300;
    private static final int FLAGS_ORDINAL = 400;
    private static final int CONVERTER_PRIORITY = 200;

    private final SmallRyeConfig config;

    private Configuration(SmallRyeConfig config) {
        this.config = config;
    }

    /**
     * Reads and checks everything.
     *
     * @param mappings interfaces annotated with {@link ConfigMapping}
     * @param file YAML file, if there is one
     * @param environment the process's environment
     * @param flags keys set on the command line
     * @throws TessellateException INVALID_CONFIGURATION with one line per problem
     */
    public static Configuration load(
            List<Class<?>> mappings, Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
        List<String> problems = new ArrayList<>();
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withValidateUnknown(false)
                .withConverter(Duration.class, CONVERTER_PRIORITY, new DurationText())
                .withSources(new EnvConfigSource(environment, ENVIRONMENT_ORDINAL))
                .withSources(new PropertiesConfigSource(flags, "command line", FLAGS_ORDINAL));
        Set<String> given = new LinkedHashSet<>(flags.keySet());
        file.map(Configuration::yaml).ifPresent(source -> {
            builder.withSources(source);
            given.addAll(source.getPropertyNames());
        });
        mappings.forEach(builder::withMapping);
        problems.addAll(KnownKeys.of(mappings).problems(given));
        Optional<SmallRyeConfig> config = build(builder, problems);
        if (!problems.isEmpty() || config.isEmpty()) {
            throw new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "configuration is not usable:\n  " + String.join("\n  ", problems));
        }
        return new Configuration(config.get());
    }

    /** The values of one of the mappings it was loaded with. */
    public <T> T of(Class<T> mapping) {
        return config.getConfigMapping(mapping);
    }

    private static Optional<SmallRyeConfig> build(SmallRyeConfigBuilder builder, List<String> problems) {
        try {
            return Optional.of(builder.build());
        } catch (ConfigValidationException e) {
            for (int i = 0; i < e.getProblemCount(); i++) {
                problems.add(plain(e.getProblem(i).getMessage()));
            }
            return Optional.empty();
        }
    }

    /** Without the library's message number. */
    private static String plain(String message) {
        return message.replaceFirst("^SRCFG\\d+: ", "").replaceFirst("^[A-Za-z.]+Exception: SRCFG\\d+: ", "");
    }

    private static YamlConfigSource yaml(Path file) {
        try {
            return new YamlConfigSource(file.toString(), TextFile.read(file), FILE_ORDINAL);
        } catch (TessellateException e) {
            throw new TessellateException(ErrorCode.INVALID_CONFIGURATION, "configuration: " + e.getMessage(), e);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw notYaml("%s, line %d, column %d".formatted(file, mark.getLine() + 1, mark.getColumn() + 1), e);
        } catch (RuntimeException e) {
            throw notYaml(file.toString(), e);
        }
    }

    private static TessellateException notYaml(String where, Exception cause) {
        return new TessellateException(
                ErrorCode.INVALID_CONFIGURATION, "configuration: %s: this is not YAML".formatted(where), cause);
    }
}
