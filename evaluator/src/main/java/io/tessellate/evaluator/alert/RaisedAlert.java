package io.tessellate.evaluator.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import java.net.URLEncoder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something a person should know.
 *
 * @param id names it: the same for the same cause, however often that is found
 * @param critical whether something is broken, not only endangered
 * @param model the model; null where it is about none
 * @param version the version; 0 where it is about none
 * @param code of the error table; may be one that only a later version knows
 * @param value what was measured or counted
 * @param limit what it was held against
 * @param message in words, with the numbers
 */
public record RaisedAlert(
        String id,
        AlertKind kind,
        boolean critical,
        @Nullable ModelName model,
        int version,
        @Nullable TaskName task,
        @Nullable View view,
        String code,
        @Nullable Double value,
        @Nullable Double limit,
        String message,
        Instant at) {
    private static final int ID_DIGITS = 24;

    /** The id of what a kind of alert has found: of the same cause the same. */
    public static String id(@Nullable ModelName model, AlertKind kind, String cause) {
        String all = String.join("\n", nameOf(model), kind.label(), cause);
        return "alert_" + Sha256.of(all.getBytes(UTF_8)).hex().substring(0, ID_DIGITS);
    }

    private static String nameOf(@Nullable ModelName model) {
        return model == null ? "" : model.value();
    }

    /** One about a model as a whole, or about none, whose task, view and numbers may be added. */
    public static RaisedAlert of(
            AlertKind kind,
            boolean critical,
            @Nullable ModelName model,
            String code,
            String cause,
            String message,
            Instant at) {
        return new RaisedAlert(
                id(model, kind, cause), kind, critical, model, 0, null, null, code, null, null, message, at);
    }

    /** The same about a task. */
    public RaisedAlert about(TaskName name) {
        return new RaisedAlert(id, kind, critical, model, version, name, view, code, value, limit, message, at);
    }

    /** The same about a version in a view. */
    public RaisedAlert ofVersion(int number, @Nullable View seen) {
        return new RaisedAlert(id, kind, critical, model, number, task, seen, code, value, limit, message, at);
    }

    /** The same with what was measured and what it was held against. */
    public RaisedAlert numbers(@Nullable Double measured, @Nullable Double heldAgainst) {
        return new RaisedAlert(
                id, kind, critical, model, version, task, view, code, measured, heldAgainst, message, at);
    }

    /** The name of its model, as keys and events have it: empty where it is about none. */
    public String modelName() {
        return nameOf(model);
    }

    /** What it is about, for people: a task, a model or no model. */
    public String subject() {
        return model == null ? "no model" : task == null ? model.value() : model + "/" + task;
    }

    /** How bad it is, as events and people call it. */
    public String severity() {
        return critical ? "CRITICAL" : "WARNING";
    }

    /** Where the page shows it, below the page's address. */
    public String link() {
        return model == null ? "/" : "/#model=" + URLEncoder.encode(model.value(), UTF_8);
    }
}
