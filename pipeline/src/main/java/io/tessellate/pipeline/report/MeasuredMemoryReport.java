package io.tessellate.pipeline.report;

import io.tessellate.engine.bench.MeasuredMemory;
import io.tessellate.engine.plan.Bytes;
import io.tessellate.engine.plan.MemoryAnswer;
import io.tessellate.engine.plan.MemoryUse;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A plan beside what its training took. Of the process the largest resident set is compared, which is a number of the whole
 * process; where vectors lie on a device of their own, theirs.
 */
public record MeasuredMemoryReport(MemoryAnswer answer, MeasuredMemory measured) implements Report {
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
        TextTable table = new TextTable("after %d steps".formatted(measured.steps()), "planned", "measured", "ratio");
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
