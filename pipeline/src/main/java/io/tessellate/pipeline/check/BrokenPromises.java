package io.tessellate.pipeline.check;

import io.tessellate.error.ErrorCode;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.id.ModelName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Broken promises as alerts: one for each promise and model, or no model, with the first breach and how many there are. */
public final class BrokenPromises {
    private BrokenPromises() {}

    /** The alerts about what is broken. */
    public static List<RaisedAlert> alerts(PromiseCheck check, Instant at) {
        List<RaisedAlert> alerts = new ArrayList<>();
        for (PromiseVerdict verdict : check.verdicts()) {
            Map<String, List<Breach>> byModel = new LinkedHashMap<>();
            verdict.broken()
                    .forEach(breach -> byModel.computeIfAbsent(
                                    breach.model() == null ? "" : breach.model(), model -> new ArrayList<>())
                            .add(breach));
            byModel.forEach((model, breaches) ->
                    alerts.add(alert(verdict, model.isEmpty() ? null : new ModelName(model), breaches, at)));
        }
        return alerts;
    }

    private static RaisedAlert alert(
            PromiseVerdict verdict, @Nullable ModelName model, List<Breach> breaches, Instant at) {
        Breach first = breaches.get(0);
        RaisedAlert alert = RaisedAlert.of(
                        AlertKind.PROMISE,
                        true,
                        model,
                        ErrorCode.PROMISE_BROKEN.name(),
                        verdict.number() + "\n" + first.text(),
                        "promise %d is broken in %d places, the first: %s"
                                .formatted(verdict.number(), breaches.size(), first.text()),
                        at)
                .numbers((double) breaches.size(), 0.0);
        return first.version() == null ? alert : alert.ofVersion(first.version(), null);
    }
}
