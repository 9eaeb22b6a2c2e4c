package io.tessellate.evaluator.alert;

import io.tessellate.evaluator.matrix.EvaluationCodec;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.event.Alert;
import io.tessellate.event.Severity;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import java.util.Locale;

/** Alerts between the domain and {@code alerts}. */
public final class AlertCodec {
    private AlertCodec() {}

    /** The Avro form of an alert. */
    public static Alert event(RaisedAlert alert) {
        return Alert.newBuilder()
                .setModel(alert.modelName())
                .setVersion(alert.version())
                .setSeverity(alert.critical() ? Severity.CRITICAL : Severity.WARNING)
                .setCode(alert.code())
                .setTask(alert.task() == null ? null : alert.task().value())
                .setView(alert.view() == null ? null : EvaluationCodec.event(alert.view()))
                .setValue(alert.value())
                .setLimit(alert.limit())
                .setMessage(alert.message())
                .setAt(alert.at())
                .setId(alert.id())
                .setKind(alert.kind().label())
                .build();
    }

    /** The alert an Avro record holds. */
    public static RaisedAlert alert(Alert event) {
        ModelName model = event.getModel().isEmpty() ? null : new ModelName(event.getModel());
        AlertKind kind = AlertKind.of(event.getKind(), event.getCode());
        String id = event.getId();
        return new RaisedAlert(
                id == null ? RaisedAlert.id(model, kind, content(event)) : id,
                kind,
                event.getSeverity() == Severity.CRITICAL,
                model,
                event.getVersion(),
                event.getTask() == null ? null : new TaskName(event.getTask()),
                event.getView() == null
                        ? null
                        : View.parse(event.getView().name().toLowerCase(Locale.ROOT)),
                event.getCode(),
                event.getValue(),
                event.getLimit(),
                event.getMessage(),
                event.getAt());
    }

    private static String content(Alert event) {
        return "%s\n%d\n%s\n%s\n%s"
                .formatted(event.getCode(), event.getVersion(), event.getTask(), event.getView(), event.getMessage());
    }
}
