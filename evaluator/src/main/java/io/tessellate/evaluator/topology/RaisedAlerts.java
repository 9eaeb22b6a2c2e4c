package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.alert.AlertCodec;
import io.tessellate.evaluator.alert.RaisedAlert;
import io.tessellate.event.Alert;
import io.tessellate.topic.CloudEvents;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alerts on their way out of the topology. */
final class RaisedAlerts {
    private static final Logger LOG = LoggerFactory.getLogger(RaisedAlerts.class);
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/evaluator");

    private RaisedAlerts() {}

    /** Says an alert in the log and sends it on its way. */
    static void forward(RaisedAlert alert, ProcessorContext<String, ? super Alert> streams) {
        LOG.warn("{}: {}", alert.subject(), alert.message());
        Alert event = AlertCodec.event(alert);
        String model = alert.modelName();
        var headers = new RecordHeaders();
        EVENTS.stamp(headers, event, model, alert.at());
        streams.forward(new Record<>(model, event, streams.currentSystemTimeMs(), headers), MatrixTopology.ALERTS);
    }
}
