package io.tessellate.pipeline.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.evaluator.view.PipelineLogs;
import io.tessellate.id.ModelName;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.Report;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the reading commands print, below {@code /api/v1/reports}: as the JSON that scripts rely on, or, to those who accept
 * {@code text/plain}, as the table for people. An answer holds everything that was committed when the question came.
 */
public final class ReportRoutes {
    private static final String ROOT = "/api/v1/reports/";
    private static final String TEXT = "text/plain";
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PipelineLogs logs;
    private final Map<String, Handler> reads = new LinkedHashMap<>();

    /** Routes over folds that somebody else feeds. */
    public ReportRoutes(PipelineLogs logs, Answers answers) {
        this.logs = logs;
        read("models", context -> answers.models());
        read("tasks", context -> answers.tasks(optionalModel(context), flag(context, "all")));
        read("alerts", context -> answers.alerts(optionalModel(context), flag(context, "open")));
        read("live", context -> answers.live(optionalModel(context)));
        read("masks", context -> answers.masks(model(context)));
        read("matrix", context -> answers.matrix(model(context), view(context)));
        read("lineage", context -> answers.lineage(model(context), version(context)));
        read("verification", context -> answers.verification(model(context), version(context)));
        reads.put(
                ROOT + "openapi.yaml",
                context -> context.contentType("application/yaml").result(description()));
    }

    /** The paths of all routes. */
    Iterable<String> paths() {
        return reads.keySet();
    }

    static String description() {
        try (InputStream in = ReportRoutes.class.getResourceAsStream("reports.yaml")) {
            if (in == null) {
                throw new IllegalStateException("reports.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        reads.forEach(config.routes::get);
    }

    private void read(String name, Function<Context, Report> question) {
        reads.put(ROOT + name, context -> {
            logs.awaitCaughtUp(PATIENCE);
            answer(context, question.apply(context));
        });
    }

    private static void answer(Context context, Report report) throws JsonProcessingException {
        report.failure().ifPresent(bad -> context.header(VerdictHeader.HEADER, VerdictHeader.text(bad)));
        String accepted = context.header("Accept");
        if (accepted != null && accepted.startsWith(TEXT)) {
            context.contentType(TEXT + "; charset=utf-8").result(report.text());
        } else {
            context.contentType("application/json").result(JSON.writeValueAsString(report.json()));
        }
    }

    private static ModelName model(Context context) {
        ModelName model = optionalModel(context);
        if (model == null) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "the parameter model=NAME is missing");
        }
        return model;
    }

    private static @Nullable ModelName optionalModel(Context context) {
        String model = context.queryParam("model");
        return model == null ? null : new ModelName(model);
    }

    private static boolean flag(Context context, String name) {
        return "true".equals(context.queryParam(name));
    }

    private static View view(Context context) {
        String view = context.queryParam("view");
        return view == null ? View.UNION : View.parse(view);
    }

    private static @Nullable Integer version(Context context) {
        String version = context.queryParam("version");
        try {
            return version == null ? null : Integer.valueOf(version);
        } catch (NumberFormatException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "version '%s' must be a whole number".formatted(version), e);
        }
    }
}
