package io.tessellate.evaluator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.blame.BlameJson;
import io.tessellate.evaluator.blame.BlameQuestion;
import io.tessellate.evaluator.blame.Blamer;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.log.Author;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.LineAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Who a drop comes from, asked by HTTP, as analyses.yaml describes it. */
public final class BlameRoutes implements AutoCloseable {
    static final String PATH = "/api/v1/models/{model}/tasks/{task}/blame";
    static final String DESCRIPTION = "/api/v1/analyses/openapi.yaml";
    private static final int AT_ONCE = 4;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Blamer blamer;
    private final LineAnswer answers = new LineAnswer("blame", AT_ONCE);

    /** Routes to one who answers. */
    public BlameRoutes(Blamer blamer) {
        this.blamer = blamer;
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        config.routes.post(PATH, this::blame);
        config.routes.get(
                DESCRIPTION, context -> context.contentType("application/yaml").result(description()));
    }

    /** The paths of all routes. */
    static List<String> paths() {
        return List.of(PATH, DESCRIPTION);
    }

    static String description() {
        try (InputStream in = BlameRoutes.class.getResourceAsStream("analyses.yaml")) {
            if (in == null) {
                throw new IllegalStateException("analyses.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What may be said beside the task.
     *
     * @param version at which the union view is scored
     * @param scorings how many there may be
     * @param who asks, beside the token's name; nobody vouches for it
     * @param why for the log
     */
    record Body(
            @Nullable Integer version,
            @Nullable Integer scorings,
            @Nullable String who,
            @Nullable String why) {
        BlameQuestion question(TaskId task, String token) {
            String asker = who == null || who.isBlank() ? token : "%s (%s)".formatted(who, token);
            return new BlameQuestion(
                    task, optional(version), optional(scorings), new Author(asker, why == null ? "" : why));
        }

        private static OptionalInt optional(@Nullable Integer value) {
            return value == null ? OptionalInt.empty() : OptionalInt.of(value);
        }
    }

    static Body body(String text) {
        if (text.isBlank()) {
            return new Body(null, null, null, null);
        }
        try {
            Body body = JSON.readValue(text, Body.class);
            if (body != null) {
                return body;
            }
        } catch (JsonProcessingException e) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the body is no JSON object with version, scorings, who and why: " + e.getOriginalMessage(),
                    e);
        }
        throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "the body is null, not a JSON object");
    }

    private void blame(Context context) {
        TaskId task = TaskId.of(context.pathParam("model"), context.pathParam("task"));
        Blamer.Asked asked = blamer.ask(body(context.body()).question(task, HttpApi.who(context)));
        answers.send(context, (progress, cancellation) -> BlameJson.of(asked.answer(progress::accept, cancellation)));
    }

    /** Asks whatever is being worked on to stop. */
    @Override
    public void close() {
        answers.close();
    }
}
