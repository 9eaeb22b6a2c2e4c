package io.tessellate.pipeline.cli.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.cli.connect.StackWatch;
import io.tessellate.pipeline.cli.connect.SupervisedWork;
import io.tessellate.pipeline.cli.connect.Target;
import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.TimeLimit;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.rest.StackApi;
import io.tessellate.pipeline.terminal.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is asked of the stack that runs on this machine and takes a while: by whom and why, how long at most, and how far it is. */
final class StackQuestion {
    @Option(
            names = "--why",
            paramLabel = "TEXT",
            description = "Why you ask, for the log; your user name stands beside it.")
    private String why = "";

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private TimeLimit time = new TimeLimit();

    private volatile String doing = "";

    /**
     * Asks, shows how far it is, and prints the answer.
     *
     * @param path of the question on the stack, whose last part is what people call it
     * @param question what is asked, without who and why
     * @param line says how far it is
     * @param report makes what is printed of the answer
     */
    void ask(
            Terminal terminal,
            String path,
            Map<String, @Nullable Object> question,
            Function<JsonNode, String> line,
            Function<JsonNode, ? extends Report> report) {
        Target target = Target.of(options.settings());
        StackApi api = target.api()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "%s asks a stack that runs on this machine; of another, ask POST %s"
                                .formatted(path.substring(path.lastIndexOf('/') + 1), path)));
        Map<String, @Nullable Object> body = new LinkedHashMap<>(question);
        body.put("who", System.getProperty("user.name", "somebody"));
        body.put("why", why);
        try (StackWatch watch = target.watch()) {
            new SupervisedWork(watch, time.limit(), () -> doing).run(() -> {
                JsonNode found = api.ask(path, body, progress -> {
                    doing = progress.path("doing").asText();
                    terminal.live(line.apply(progress));
                });
                terminal.answer(report.apply(found), options.output());
            });
        }
    }
}
