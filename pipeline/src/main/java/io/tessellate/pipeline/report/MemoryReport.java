package io.tessellate.pipeline.report;

import io.tessellate.engine.backend.MemoryRoom;
import io.tessellate.engine.bench.MeasuredMemory;
import io.tessellate.engine.plan.Bytes;
import io.tessellate.engine.plan.MemoryAnswer;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.MemoryUse;
import io.tessellate.engine.plan.PhaseMemory;
import io.tessellate.engine.recipe.Recipe;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** How much memory a training would take, part by part, and how large its batches may be. */
public record MemoryReport(MemoryAnswer answer) implements Report {
    private boolean shared() {
        return answer.limits().device().shared();
    }

    @Override
    public Object json() {
        Recipe recipe = answer.question().recipe();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", answer.question().model().name());
        json.put("parameters", answer.question().model().layout().size());
        json.put("recipe", recipe.fields());
        json.put("tokens", answer.question().length());
        json.put("device", answer.backend());
        json.put("deviceBytes", known(answer.limits().device().total()));
        json.put("heapLimit", answer.limits().heap());
        json.put(
                "phases",
                answer.plan().phases().stream().map(MemoryReport::json).toList());
        json.put("peakPhase", peak().phase().name());
        json.put("peakBytes", shared() ? peak().all() : peak().in(MemoryUse.Place.DEVICE));
        json.put("fits", answer.lack().isEmpty());
        json.put("lacks", answer.lack().orElse(null));
        json.put("microBatch", answer.plan().microBatch());
        json.put("largestMicroBatch", answer.largestMicroBatch());
        json.put("largestBatch", answer.largestBatch());
        return json;
    }

    private static Object known(long bytes) {
        return bytes == Long.MAX_VALUE ? "unknown" : bytes;
    }

    private static Map<String, Object> json(PhaseMemory phase) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("phase", phase.phase().name());
        Map<String, Long> uses = new LinkedHashMap<>();
        phase.bytes().forEach((use, bytes) -> uses.put(use.name(), bytes));
        json.put("bytes", uses);
        for (MemoryUse.Place place : MemoryUse.Place.values()) {
            json.put(place.label(), phase.in(place));
        }
        json.put("all", phase.all());
        return json;
    }

    private PhaseMemory peak() {
        return answer.plan().peak(shared());
    }

    @Override
    public String text() {
        return "%s, %s parameters, %s, %d examples of %d tokens a step, on %s\n\n%s\n%s"
                .formatted(
                        answer.question().model().name(),
                        Numbers.count(answer.question().model().layout().size()),
                        answer.question().recipe().method(),
                        answer.question().recipe().batchSize(),
                        answer.question().length(),
                        answer.backend(),
                        table(),
                        conclusions());
    }

    private String table() {
        MemoryPlan plan = answer.plan();
        List<String> header = new ArrayList<>(List.of("", "where"));
        plan.phases().forEach(phase -> header.add(phase.phase().label()));
        TextTable table = new TextTable(header);
        for (MemoryUse use : MemoryUse.values()) {
            if (plan.phases().stream().anyMatch(phase -> phase.of(use) > 0)) {
                row(table, use.label(), use.place().label(), phase -> phase.of(use));
            }
        }
        for (MemoryUse.Place place : MemoryUse.Place.values()) {
            row(table, "together", place.label(), phase -> phase.in(place));
        }
        row(table, "all", "", PhaseMemory::all);
        return table.toString();
    }

    private void row(TextTable table, String name, String where, ToLongFunction<PhaseMemory> bytes) {
        List<String> cells = new ArrayList<>(List.of(name, where));
        answer.plan().phases().forEach(phase -> {
            long count = bytes.applyAsLong(phase);
            cells.add(count == 0 ? "-" : new Bytes(count).toString());
        });
        table.row(cells);
    }

    private String conclusions() {
        MemoryRoom room = answer.limits().device();
        long needed = shared() ? peak().all() : peak().in(MemoryUse.Place.DEVICE);
        StringBuilder text = new StringBuilder();
        text.append("The peak is %s, while %s; %s has %s and the Java heap may grow to %s.\n"
                .formatted(
                        new Bytes(needed),
                        peak().phase().label(),
                        room.origin(),
                        room.known() ? new Bytes(room.total()).toString() : "an unknown amount",
                        new Bytes(answer.limits().heap())));
        text.append(
                answer.lack().map("It does not fit: it needs %s.\n"::formatted).orElse("It fits.\n"));
        if (answer.plan().microBatch() > 0) {
            text.append("That is with %d examples in the model at a time.\n"
                    .formatted(answer.plan().microBatch()));
        }
        text.append(
                answer.largestMicroBatch() == 0
                        ? "Not even one example fits.\n"
                        : "Of a step's examples at most %d may go through the model at once; the largest batch at once is %s.\n"
                                .formatted(answer.largestMicroBatch(), Numbers.count(answer.largestBatch())));
        return text.toString();
    }

    /**
     * A plan beside what its training took. Of the process the largest resident set is compared, which is a number of the whole
     * process; where vectors lie on a device of their own, theirs.
     */
    public record Measured(MemoryAnswer answer, MeasuredMemory measured) implements Report {
        private long planned(MemoryUse.Place place) {
            return answer.plan().peak(place);
        }

        private long plannedProcess() {
            return answer.limits().device().shared()
                    ? answer.plan().peak(true).all()
                    : planned(MemoryUse.Place.HEAP) + planned(MemoryUse.Place.PROCESS);
        }

        private static double ratio(long planned, long measured) {
            return (double) planned / measured;
        }

        @Override
        public Object json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("plan", new MemoryReport(answer).json());
            json.put("steps", measured.steps());
            json.put("process", compared(plannedProcess(), measured.process()));
            json.put("vectors", compared(planned(MemoryUse.Place.DEVICE), measured.vectors()));
            json.put("heap", compared(planned(MemoryUse.Place.HEAP), measured.heap()));
            json.put("idle", measured.idle());
            return json;
        }

        private static Map<String, Object> compared(long planned, long measured) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("planned", planned);
            json.put("measured", measured);
            json.put("ratio", measured == 0 ? null : ratio(planned, measured));
            return json;
        }

        @Override
        public String text() {
            TextTable table =
                    new TextTable("after %d steps".formatted(measured.steps()), "planned", "measured", "ratio");
            row(table, "largest resident set of the process", plannedProcess(), measured.process());
            row(
                    table,
                    "vectors of the backend, and what kernels need",
                    planned(MemoryUse.Place.DEVICE),
                    measured.vectors());
            row(table, "Java heap, as it has grown", planned(MemoryUse.Place.HEAP), measured.heap());
            return "%s\n%sBefore the model was read the process had %s.\n"
                    .formatted(new MemoryReport(answer).text(), table, new Bytes(measured.idle()));
        }

        private static void row(TextTable table, String what, long planned, long measured) {
            table.row(
                    what,
                    new Bytes(planned).toString(),
                    measured == 0 ? "not told" : new Bytes(measured).toString(),
                    measured == 0 ? "-" : String.format(Locale.ROOT, "%.2f", ratio(planned, measured)));
        }
    }
}
