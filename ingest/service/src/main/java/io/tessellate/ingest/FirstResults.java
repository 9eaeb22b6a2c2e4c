package io.tessellate.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.dataset.log.ClosedDatasetCodec;
import io.tessellate.dataset.manifest.Decoding;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.event.TaskDuplicate;
import io.tessellate.event.TaskEvent;
import io.tessellate.event.TaskReady;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.ingest.attempt.DownstreamState;
import io.tessellate.topic.CloudEvents;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what is said about the tasks of a model, and lets each dataset be ready only once: who comes later with the same
 * content, objective, measure and recipe is a duplicate of the first, unless that one's run has failed.
 */
final class FirstResults extends ContextualProcessor<String, TaskEvent, String, TaskEvent> {
    static final String STORE = "first-results";

    private static final Logger LOG = LoggerFactory.getLogger(FirstResults.class);
    private static final CloudEvents HEADERS = new CloudEvents("tessellate/ingest");

    private final DownstreamState downstream;

    FirstResults(DownstreamState downstream) {
        this.downstream = downstream;
    }

    @Override
    public void process(Record<String, TaskEvent> record) {
        TaskEvent event = record.value();
        TaskEvent passed = ClosedDatasetCodec.fromAvro(event)
                .map(closed -> firstOrDuplicate(event, closed))
                .orElse(event);
        HEADERS.stamp(record.headers(), passed, passed.getModel() + "/" + passed.getTask(), passed.getAt());
        context().forward(record.withValue(passed).withTimestamp(context().currentSystemTimeMs()));
    }

    private TaskEvent firstOrDuplicate(TaskEvent event, ClosedDataset closed) {
        KeyValueStore<String, String> store = context().getStateStore(STORE);
        String identity = identity(closed);
        String holder = store.get(identity);
        if (holder == null || hasFailed(event.getModel(), holder)) {
            store.put(identity, event.getTask() + " " + closed.run());
            return event;
        }
        String first = holder.split(" ")[0];
        LOG.info("{}/{} is a duplicate of {}", event.getModel(), event.getTask(), first);
        TaskReady ready = event.getReady();
        return TaskEvent.newBuilder(event)
                .setReady(null)
                .setDuplicate(new TaskDuplicate(first, ready.getDatasetDigest(), ready.getCounts()))
                .build();
    }

    /** Whether the run of the first with a content has come to nothing; what the first release kept names no run. */
    private boolean hasFailed(String model, String holder) {
        String[] taskAndRun = holder.split(" ");
        return taskAndRun.length == 2 && downstream.failed(TaskId.of(model, taskAndRun[0]), new RunId(taskAndRun[1]));
    }

    private static String identity(ClosedDataset closed) {
        Manifest manifest = closed.manifest();
        String result = String.join(
                "\n",
                closed.digest().hex(),
                manifest.objective().name(),
                String.valueOf(manifest.labels()),
                manifest.metric().label(),
                manifest.recipeText() + decoding(manifest.decoding()));
        return closed.task().model() + "/" + Sha256.of(result.getBytes(UTF_8));
    }

    /** Empty for the usual, so that datasets that were ready before there was a choice are still known. */
    private static String decoding(Decoding decoding) {
        return decoding.equals(Decoding.GREEDY) ? "" : "\n" + decoding;
    }
}
