package io.tessellate.evaluator.topology;

import io.tessellate.evaluator.matrix.Evaluation;
import io.tessellate.evaluator.matrix.MatrixRow;
import io.tessellate.evaluator.matrix.RowCodec;
import io.tessellate.evaluator.verdict.OutcomeSource;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.topic.CloudEvents;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fold inside the topology: events in, rows and alerts out. */
final class MatrixProcessor implements Processor<String, Object, String, SpecificRecord> {
    private static final Logger LOG = LoggerFactory.getLogger(MatrixProcessor.class);

    private static final CloudEvents EVENTS = new CloudEvents("tessellate/evaluator");

    private final OutcomeSource outcomes;
    private @Nullable ProcessorContext<String, SpecificRecord> context;
    private @Nullable MatrixFold fold;

    /**
     * A processor that has nothing yet.
     *
     * @param outcomes where the predictions of scored cells lie
     */
    MatrixProcessor(OutcomeSource outcomes) {
        this.outcomes = outcomes;
    }

    @Override
    public void init(ProcessorContext<String, SpecificRecord> processorContext) {
        context = processorContext;
        var state = new StoredMatrixState(
                processorContext.getStateStore(MatrixTopology.BUDGET_STORE),
                processorContext.getStateStore(MatrixTopology.GATE_STORE),
                processorContext.getStateStore(MatrixTopology.EVALUATION_STORE),
                processorContext.getStateStore(MatrixTopology.ROW_STORE),
                processorContext.getStateStore(MatrixTopology.BEST_STORE),
                processorContext.getStateStore(MatrixTopology.COUNT_STORE));
        fold = new MatrixFold(state, outcomes);
    }

    @Override
    public void process(Record<String, Object> input) {
        if (context == null || fold == null) {
            throw new IllegalStateException("process before init");
        }
        for (MatrixFold.Completed completed : fold(fold, input.value())) {
            publish(context, completed);
        }
    }

    private static List<MatrixFold.Completed> fold(MatrixFold fold, Object value) {
        if (value instanceof Evaluation evaluation) {
            return fold.apply(evaluation);
        }
        if (value instanceof LoggedEvent entry) {
            return entry.event()
                    .accept(new GateChange())
                    .map(gate -> fold.register(entry.model(), gate))
                    .orElse(List.of());
        }
        return List.of();
    }

    private static void publish(ProcessorContext<String, SpecificRecord> context, MatrixFold.Completed completed) {
        MatrixRow row = completed.row();
        String model = row.model().value();
        LOG.info(
                "Row of {} version {} is complete: union ACC {}, forgetting {}",
                model,
                row.version(),
                row.union().averageAccuracy(),
                row.union().forgetting());
        context.forward(stamped(RowCodec.event(row), row, context.currentSystemTimeMs()), MatrixTopology.ROWS);
        completed.findings().forEach(finding -> RaisedAlerts.forward(finding.alert(row), context));
    }

    private static Record<String, SpecificRecord> stamped(SpecificRecord event, MatrixRow row, long now) {
        String model = row.model().value();
        var headers = new RecordHeaders();
        EVENTS.stamp(headers, event, model, row.at());
        return new Record<>(model, event, now, headers);
    }
}
