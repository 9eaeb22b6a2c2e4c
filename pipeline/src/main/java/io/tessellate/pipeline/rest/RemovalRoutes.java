package io.tessellate.pipeline.rest;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.unused.Removals;
import io.tessellate.pipeline.unused.UnusedFile;
import io.tessellate.pipeline.unused.UnusedFound;
import io.tessellate.runtime.config.DurationText;
import io.tessellate.runtime.http.HttpApi;
import io.tessellate.runtime.http.JsonBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code gc} by HTTP, as unused-files.yaml describes it: what is removed has been looked at before, and is named by a digest of exactly that. */
public final class RemovalRoutes {
    static final String FOUND = "/api/v1/unused-files";
    static final String REMOVE = "/api/v1/unused-files/remove";
    static final String DESCRIPTION = "/api/v1/unused-files/openapi.yaml";
    private static final int LISTED = 100;
    private final Removals removals;

    /** Routes to who looks and removes. */
    public RemovalRoutes(Removals removals) {
        this.removals = removals;
    }

    /** Adds the routes to a server. */
    public void addTo(JavalinConfig config) {
        config.routes.post(FOUND, this::find);
        config.routes.post(REMOVE, this::remove);
        config.routes.get(
                DESCRIPTION, context -> context.contentType("application/yaml").result(description()));
    }

    /** The paths of all routes. */
    static List<String> paths() {
        return List.of(FOUND, REMOVE, DESCRIPTION);
    }

    static String description() {
        try (InputStream in = RemovalRoutes.class.getResourceAsStream("unused-files.yaml")) {
            if (in == null) {
                throw new IllegalStateException("unused-files.yaml is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How old something must be, as people write durations. */
    record Look(@Nullable String olderThan) {
        Instant before(Removals removals) {
            return removals.before(olderThan == null ? Removals.USUAL : DurationText.parse(olderThan));
        }
    }

    /** What was found, and why it goes. */
    record Remove(
            @Nullable String before,
            @Nullable String confirmation,
            @Nullable String why) {
        Instant instant() {
            if (before == null || confirmation == null) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "the body must have 'before' and 'confirmation' as %s answered them".formatted(FOUND));
            }
            try {
                return Instant.parse(before);
            } catch (DateTimeException e) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "before must be an instant such as 2026-11-30T02:00:00Z, not '%s'".formatted(before),
                        e);
            }
        }

        /** Whoever has seen other files than these removes nothing. */
        void requireSeen(UnusedFound found) {
            if (!found.confirmation().hex().equals(confirmation)) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "confirmation is not of what is unused now, %d files of %d bytes; look again"
                                .formatted(found.files().size(), found.bytes()));
            }
        }
    }

    private void find(Context context) {
        UnusedFound found =
                removals.find(JsonBody.read(context.body(), Look.class).before(removals));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("before", found.before().toString());
        json.put("confirmation", found.confirmation().hex());
        json.putAll(totals(found));
        json.put("kinds", kinds(found));
        json.put(
                "files",
                found.files().stream().limit(LISTED).map(UnusedFile::json).toList());
        json.put("notListed", Math.max(0, found.files().size() - LISTED));
        context.json(json);
    }

    private void remove(Context context) {
        Remove asked = JsonBody.read(context.body(), Remove.class);
        Author author = new Author(HttpApi.who(context), asked.why() == null ? "" : asked.why());
        UnusedFound found = removals.find(asked.instant());
        asked.requireSeen(found);
        UnusedFound gone = removals.remove(found, author);
        Map<String, Object> json = new LinkedHashMap<>(totals(found));
        json.put("removed", gone.files().size());
        json.put("removedBytes", gone.bytes());
        context.json(json);
    }

    private static Map<String, Object> totals(UnusedFound found) {
        Map<String, Object> totals = new LinkedHashMap<>();
        totals.put("found", found.files().size());
        totals.put("bytes", found.bytes());
        return totals;
    }

    private static List<Map<String, Object>> kinds(UnusedFound found) {
        return Arrays.stream(UnusedFile.Kind.values())
                .map(kind -> {
                    UnusedFound ofKind = new UnusedFound(
                            found.before(),
                            found.files().stream()
                                    .filter(file -> file.kind() == kind)
                                    .toList());
                    Map<String, Object> json = new LinkedHashMap<>();
                    json.put("kind", kind.text());
                    json.putAll(totals(ofKind));
                    return json;
                })
                .toList();
    }
}
