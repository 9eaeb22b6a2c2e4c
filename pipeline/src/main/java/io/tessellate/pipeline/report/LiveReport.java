package io.tessellate.pipeline.report;

import io.tessellate.evaluator.live.LiveCount;
import io.tessellate.evaluator.live.LiveJson;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How tasks do on what they are asked, beside their eval scores. */
record LiveReport(List<LiveJson> standings) implements Report {
    /** Copies the list. */
    LiveReport {
        standings = List.copyOf(standings);
    }

    @Override
    public List<LiveJson> json() {
        return standings;
    }

    @Override
    public String text() {
        if (standings.isEmpty()) {
            return "nothing was asked on predict.MODEL.TASK yet\n";
        }
        TextTable table = new TextTable(
                "task",
                "view",
                "version",
                "metric",
                "live",
                "95 % from",
                "to",
                "labels",
                "eval",
                "95 % from",
                "to",
                "examples");
        StringBuilder lines = new StringBuilder();
        for (LiveJson standing : standings) {
            String task = standing.model() + "/" + standing.task();
            standing.scores().forEach(score -> row(table, task, score));
            lines.append("  ").append(task).append(' ').append(counts(standing)).append('\n');
        }
        boolean none = standings.stream().allMatch(standing -> standing.scores().isEmpty());
        return (none ? "no label has come back to an answer yet\n" : table.toString()) + lines;
    }

    private static void row(TextTable table, String task, LiveJson.Score score) {
        table.row(
                task,
                score.view(),
                Integer.toString(score.version()),
                score.metric(),
                Numbers.score(score.score()),
                Numbers.score(score.low()),
                Numbers.score(score.high()),
                Numbers.count(score.examples()),
                Numbers.score(score.eval()),
                Numbers.score(score.evalLow()),
                Numbers.score(score.evalHigh()),
                score.evalExamples() == null ? "-" : Numbers.count(score.evalExamples()));
    }

    /** All that are not 0, so that nothing is dropped without a word. */
    private static String counts(LiveJson standing) {
        List<String> words = new ArrayList<>();
        for (LiveCount count : LiveCount.values()) {
            long number = standing.counts().getOrDefault(count.label(), 0L);
            if (number != 0) {
                words.add(Numbers.count(number) + " " + words(count));
            }
        }
        return words.stream().collect(Collectors.joining(", "));
    }

    private static String words(LiveCount count) {
        return switch (count) {
            case ANSWERED -> "answered";
            case ANONYMOUS -> "answered without an id";
            case ANSWERED_AGAIN -> "answered again";
            case LABELS -> "labelled";
            case LABELS_AGAIN -> "labelled again alike";
            case LABELS_CHANGED -> "labelled again otherwise (the first counts)";
            case NOT_COMPARABLE -> "not comparable";
            case WAITING -> "waiting for a label";
            case EARLY -> "labelled and not answered yet";
            case NEVER_LABELLED -> "forgotten without a label";
            case NEVER_ANSWERED -> "forgotten without an answer";
        };
    }
}
