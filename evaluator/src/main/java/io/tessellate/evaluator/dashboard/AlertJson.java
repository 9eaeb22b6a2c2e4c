package io.tessellate.evaluator.dashboard;

import io.tessellate.event.Alert;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An alert as the page and scripts read it. */
record AlertJson(
        String model,
        int version,
        String severity,
        String code,
        @Nullable String task,
        @Nullable String view,
        @Nullable Double value,
        @Nullable Double limit,
        String message,
        String at) {

    static AlertJson of(Alert alert) {
        return new AlertJson(
                alert.getModel(),
                alert.getVersion(),
                alert.getSeverity().name(),
                alert.getCode(),
                alert.getTask(),
                alert.getView() == null ? null : alert.getView().name().toLowerCase(Locale.ROOT),
                alert.getValue(),
                alert.getLimit(),
                alert.getMessage(),
                alert.getAt().toString());
    }
}
