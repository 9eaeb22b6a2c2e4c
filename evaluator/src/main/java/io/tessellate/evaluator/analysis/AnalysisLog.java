package io.tessellate.evaluator.analysis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.engine.forecast.MaskForecast;
import io.tessellate.engine.forecast.TaskOutlook;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.StoppedException;
import io.tessellate.event.AnalysisEvent;
import io.tessellate.event.BlameFound;
import io.tessellate.event.BlobReference;
import io.tessellate.event.ForecastFound;
import io.tessellate.event.TransferFound;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.lineage.log.Author;
import io.tessellate.mask.Mask;
import io.tessellate.runtime.blob.Blob;
import io.tessellate.runtime.blob.BlobStore;
import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.topic.CloudEvents;
import io.tessellate.topic.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Writes down what was asked and found: the whole of it as a file in the blob store, an event that names it. */
public final class AnalysisLog implements AutoCloseable {
    private static final CloudEvents EVENTS = new CloudEvents("tessellate/evaluator");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final BlobStore blobs;
    private final Topic<AnalysisEvent> topic;
    private final Producer<String, SpecificRecord> producer;
    private final Clock clock;

    /** A log with a producer of its own. */
    public AnalysisLog(KafkaClients clients, BlobStore blobs, Clock clock) {
        this(
                blobs,
                clients.topics().analyses(),
                clients.producer("evaluator-analyses-" + clients.settings().instanceId()),
                clock);
    }

    AnalysisLog(BlobStore blobs, Topic<AnalysisEvent> topic, Producer<String, SpecificRecord> producer, Clock clock) {
        this.blobs = blobs;
        this.topic = topic;
        this.producer = producer;
        this.clock = clock;
    }

    /** Writes an answer down; the file before the event that names it. */
    void publish(Blame blame, Author author) {
        Blob report = blobs.put(
                "blame.%s.%s.%d.json"
                        .formatted(blame.task().model(), blame.task().task(), blame.version()),
                bytes(BlameJson.of(blame)));
        BlameFound found = BlameFound.newBuilder()
                .setTask(blame.task().task().value())
                .setVersion(blame.version())
                .setOwn(blame.own())
                .setUnion(blame.union().score())
                .setCulprit(blame.culprit().map(BlamedAdapter::version).orElse(null))
                .setCulpritTask(
                        blame.culprit().map(culprit -> culprit.task().value()).orElse(null))
                .setSupported(blame.culprit().map(BlamedAdapter::supported).orElse(false))
                .setScorings(blame.scorings())
                .setReport(new BlobReference(report.name(), report.sha256().hex(), report.bytes()))
                .build();
        send(event(blame.task().model(), author).setBlame(found).build());
    }

    /** The same of what tasks knew before they were learnt. */
    void publish(Transfer transfer, Author author) {
        Blob report = blobs.put(
                "transfer.%s.%d.json".formatted(transfer.model(), transfer.version()),
                bytes(TransferJson.of(transfer)));
        TransferFound found = TransferFound.newBuilder()
                .setVersion(transfer.version())
                .setForwardTransfer(
                        transfer.forward().isPresent()
                                ? Double.valueOf(transfer.forward().getAsDouble())
                                : null)
                .setOver(transfer.over())
                .setScorings(transfer.scorings())
                .setReport(new BlobReference(report.name(), report.sha256().hex(), report.bytes()))
                .build();
        send(event(transfer.model(), author).setTransfer(found).build());
    }

    /**
     * The same of what a training would choose and meet, which is found by the code that trains.
     *
     * @param run the run of the dataset that was looked at
     * @param json the whole answer
     */
    public void publish(TaskOutlook outlook, RunId run, Object json, Author author) {
        Blob report = blobs.put(
                "forecast.%s.%s.%d.json"
                        .formatted(outlook.task().model(), outlook.task().task(), outlook.version()),
                bytes(json));
        MaskForecast mask = outlook.mask();
        ForecastFound found = ForecastFound.newBuilder()
                .setTask(outlook.task().task().value())
                .setRun(run.value())
                .setVersion(outlook.version())
                .setWanted(mask.wanted().cardinality())
                .setWantedOwned(mask.wanted().intersectionSize(mask.owned()))
                .setChosen(mask.chosen().map(Mask::cardinality).orElse(null))
                .setMore(outlook.more())
                .setExact(mask.exact())
                .setReport(new BlobReference(report.name(), report.sha256().hex(), report.bytes()))
                .build();
        send(event(outlook.task().model(), author).setForecast(found).build());
    }

    private AnalysisEvent.Builder event(ModelName model, Author author) {
        return AnalysisEvent.newBuilder()
                .setModel(model.value())
                .setWho(author.who())
                .setWhy(author.why())
                .setAt(Instant.ofEpochMilli(clock.millis()));
    }

    private static byte[] bytes(Object json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was found cannot be written as JSON", e);
        }
    }

    private void send(AnalysisEvent event) {
        var record = new ProducerRecord<String, SpecificRecord>(topic.name(), event.getModel(), event);
        EVENTS.stamp(record.headers(), event, event.getModel(), event.getAt());
        try {
            producer.send(record).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("what was found is not written down: interrupted", e);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            throw new RetriableException(
                    ErrorCode.UNAVAILABLE_DEPENDENCY,
                    "what was found cannot be written to %s: %s".formatted(topic.name(), e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
