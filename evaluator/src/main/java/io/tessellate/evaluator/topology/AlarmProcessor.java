package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.alarm.LiveAlarm;
import io.tessellate.evaluator.alarm.RegistryAlarm;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.evaluator.live.LiveScore;
import io.tessellate.evaluator.live.LiveStanding;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.RowCodec;
import io.tessellate.event.Alert;
import io.tessellate.event.ForgettingRow;
import io.tessellate.lineage.log.LoggedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Events that are worth an alert by themselves, or beside a row. */
final class AlarmProcessor implements Processor<String, Object, String, Alert> {
    private @Nullable ProcessorContext<String, Alert> context;
    private @Nullable KeyValueStore<String, ForgettingRow> rows;
    private @Nullable KeyValueStore<String, Long> raised;

    @Override
    public void init(ProcessorContext<String, Alert> processorContext) {
        context = processorContext;
        rows = processorContext.getStateStore(MatrixTopology.ROW_STORE);
        raised = processorContext.getStateStore(MatrixTopology.LIVE_ALARM_STORE);
    }

    @Override
    public void process(Record<String, Object> input) {
        ProcessorContext<String, Alert> streams = context;
        if (streams == null) {
            throw new IllegalStateException("process before init");
        }
        for (RaisedAlert alert : alerts(input.value())) {
            RaisedAlerts.forward(alert, streams);
        }
    }

    private List<RaisedAlert> alerts(Object value) {
        if (value instanceof RaisedAlert alert) {
            return List.of(alert);
        }
        if (value instanceof LoggedEvent entry) {
            return RegistryAlarm.of(entry).stream().toList();
        }
        return value instanceof LiveStanding standing ? alerts(standing) : List.of();
    }

    /** One when a live score begins to be lower, and the next when it has been as good again meanwhile. */
    private List<RaisedAlert> alerts(LiveStanding standing) {
        KeyValueStore<String, ForgettingRow> known = rows;
        KeyValueStore<String, Long> said = raised;
        List<RaisedAlert> alerts = new ArrayList<>();
        for (LiveScore live : standing.scores()) {
            ForgettingRow event = known == null
                    ? null
                    : known.get(String.format(
                            Locale.ROOT, "%s/%010d", standing.task().model(), live.version()));
            if (event == null || said == null) {
                continue;
            }
            MatrixRow row = RowCodec.row(event);
            Optional<Boolean> lower = LiveAlarm.lower(standing.task(), live, row);
            String key = "%s/%s/%d".formatted(standing.task(), live.view().label(), live.version());
            if (lower.isPresent() && !lower.get()) {
                said.delete(key);
            } else if (lower.isPresent() && said.get(key) == null) {
                said.put(key, standing.at().toEpochMilli());
                alerts.add(LiveAlarm.alert(standing.task(), live, row, standing.at()));
            }
        }
        return alerts;
    }
}
