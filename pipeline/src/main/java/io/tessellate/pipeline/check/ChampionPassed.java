package io.tessellate.pipeline.check;

import io.tessellate.event.ForgettingRow;
import io.tessellate.event.TaskVerdict;
import io.tessellate.event.VersionVerdict;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent.VersionPromoted;
import io.tessellate.pipeline.check.topic.Placed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Promise 8. Every promotion is held against the verdict of its version's row, and every verdict against its own table: it is the worst of
 * its tasks. A person may promote what failed.
 */
final class ChampionPassed implements Promise {
    private static final List<String> LEVELS = List.of("PASS", "WARN", "FAIL");

    @Override
    public int number() {
        return 8;
    }

    @Override
    public String says() {
        return "no version that failed its verdict becomes champion by itself";
    }

    @Override
    public PromiseVerdict examine(History history) {
        Findings findings = new Findings();
        var rows = History.byName(history.forgetting(), ForgettingRow::getModel);
        int promotions = 0;
        int verdicts = 0;
        for (ModelHistory model : history.models()) {
            Map<Integer, Placed<ForgettingRow>> own = new HashMap<>();
            for (Placed<ForgettingRow> row : rows.getOrDefault(model.name(), List.of())) {
                own.putIfAbsent(row.value().getVersion(), row);
                verdicts += follows(row, findings);
            }
            for (Placed<LoggedEvent> event : model.events()) {
                promotions += promotion(model, event, own, findings);
            }
        }
        return findings.verdict(this, "%d promotions, %d verdicts".formatted(promotions, verdicts));
    }

    private static int promotion(
            ModelHistory model,
            Placed<LoggedEvent> event,
            Map<Integer, Placed<ForgettingRow>> rows,
            Findings findings) {
        if (!(event.value().event() instanceof VersionPromoted promoted)) {
            return 0;
        }
        if (promoted.who() != null) {
            return 1;
        }
        Placed<ForgettingRow> row = rows.get(promoted.version());
        Breach breach = Breach.of(model.name(), "").version(promoted.version()).at(event);
        if (row == null) {
            findings.broken(breach.saying("it was promoted without a row that it was measured by"));
        } else if (row.value().getVerdict() != null
                && "FAIL".equals(row.value().getVerdict().getVerdict())) {
            findings.broken(breach.saying(
                    "it was promoted, and failed: " + row.value().getVerdict().getReason()));
        }
        return 1;
    }

    /** A verdict that is not the worst of its table says something else than the table does; 1 if there is a verdict. */
    private static int follows(Placed<ForgettingRow> row, Findings findings) {
        VersionVerdict verdict = row.value().getVerdict();
        if (verdict == null) {
            return 0;
        }
        int worst = verdict.getTasks().stream()
                .map(TaskVerdict::getVerdict)
                .mapToInt(LEVELS::indexOf)
                .max()
                .orElse(0);
        if (worst < 0 || worst != LEVELS.indexOf(verdict.getVerdict())) {
            findings.broken(Breach.of(
                            row.value().getModel(),
                            "its verdict is %s, the worst of its tasks is %s"
                                    .formatted(verdict.getVerdict(), worst < 0 ? "unknown" : LEVELS.get(worst)))
                    .version(row.value().getVersion())
                    .at(row));
        }
        return 1;
    }
}
