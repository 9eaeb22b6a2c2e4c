package io.tessellate.evaluator;

import io.tessellate.evaluator.live.LiveSettings;
import io.tessellate.evaluator.scoring.TaskViewMode;
import io.tessellate.evaluator.webhook.WebhookSettings;

/**
 * What an evaluator is told.
 *
 * @param taskView which task views of earlier tasks are scored
 * @param live how much is kept of answers and labels
 * @param alerts where alerts are sent
 */
public record EvaluatorSettings(TaskViewMode taskView, LiveSettings live, WebhookSettings alerts) {
    /** The same with the address of the page, for links in alerts, where none was configured. */
    public EvaluatorSettings withPage(String address) {
        return new EvaluatorSettings(taskView, live, alerts.withPage(address));
    }
}
