package io.tessellate.pipeline.report;

import io.tessellate.evaluator.view.TaskState;
import io.tessellate.evaluator.view.TaskStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tasks and how far they have come.
 *
 * @param strays topics that look meant for a task and are read by nobody, with the reason
 */
public record TasksReport(List<TaskStatus> tasks, Map<String, String> strays) implements Report {
    public TasksReport {
        tasks = List.copyOf(tasks);
        strays = Map.copyOf(strays);
    }

    /** Tasks alone. */
    public TasksReport(List<TaskStatus> tasks) {
        this(tasks, Map.of());
    }

    @Override
    public List<Map<String, @Nullable Object>> json() {
        return Stream.concat(
                        tasks.stream().map(TasksReport::json),
                        new TreeMap<>(strays).entrySet().stream().map(stray -> stray(stray.getKey(), stray.getValue())))
                .toList();
    }

    private static Map<String, @Nullable Object> stray(String topic, String why) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("task", null);
        json.put("topic", topic);
        json.put("state", "NOT_READ");
        json.put("message", why);
        return json;
    }

    private static Map<String, @Nullable Object> json(TaskStatus status) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(status.toJson());
        TaskState.Problem problem = status.state().problem();
        json.put("error", problem == null ? null : problem.code());
        json.put("message", problem == null ? null : problem.message());
        return json;
    }

    @Override
    public String text() {
        return tasks.isEmpty() ? "no tasks yet\n" + strayLines() : table() + strayLines();
    }

    private String strayLines() {
        return new TreeMap<>(strays).values().stream().map(why -> why + "\n").collect(Collectors.joining());
    }

    private String table() {
        TextTable table = new TextTable("task", "state", "version", "read", "accepted", "dead", "duplicates", "");
        for (TaskStatus status : tasks) {
            table.row(
                    status.id().toString(),
                    status.state().label(),
                    status.version() == null ? "-" : status.version().toString(),
                    Numbers.count(status.counts().read()),
                    Numbers.count(status.counts().accepted()),
                    Numbers.count(status.counts().deadLettered()),
                    Numbers.count(status.counts().duplicates()),
                    remark(status.state()));
        }
        StringBuilder text = new StringBuilder(table.toString());
        tasks.forEach(
                status -> remarks(status).forEach(line -> text.append(line).append('\n')));
        return text.toString();
    }

    /** What stands below the table: what it waits for, why records are bad, what was noticed. */
    private static List<String> remarks(TaskStatus status) {
        TaskStatus.Remarks remarks = status.remarks();
        List<String> lines = new ArrayList<>();
        TaskState.Problem hold = remarks.hold();
        if (hold != null) {
            lines.add("is held up: " + said(hold));
        }
        remarks.unmeasured().forEach(gap -> lines.add("could not be measured: " + said(gap)));
        remarks.reasons()
                .forEach(reason -> lines.add("%s x %s, the first: %s"
                        .formatted(Numbers.count(reason.count()), reason.code(), reason.example())));
        if (remarks.waiting() > 0) {
            lines.add(Numbers.count(remarks.waiting()) + " records wait for a manifest that says how to read them");
        }
        if (remarks.late() > 0) {
            lines.add(Numbers.count(remarks.late()) + " records came after the close and were put aside");
        }
        if (remarks.race() != null) {
            lines.add("was trained with " + remarks.race().text());
        }
        remarks.notes().forEach(note -> lines.add(said(note)));
        return lines.stream()
                .map(line -> "  %s %s".formatted(status.id(), line))
                .toList();
    }

    private static String said(TaskState.Problem problem) {
        return problem.code() + ": " + problem.message();
    }

    private static String remark(TaskState state) {
        TaskState.Problem problem = state.problem();
        if (problem != null) {
            return problem.code() + ": " + problem.message();
        }
        if (state instanceof TaskState.Training training) {
            return "%s %d/%d".formatted(training.phase(), training.step(), training.steps());
        }
        return state instanceof TaskState.Duplicate duplicate ? "of " + duplicate.of() : "";
    }
}
