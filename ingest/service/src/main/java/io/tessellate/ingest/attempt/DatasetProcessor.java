package io.tessellate.ingest.attempt;

import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.Outbox;
import io.tessellate.ingest.arrival.Output;
import io.tessellate.ingest.arrival.Router;
import io.tessellate.ingest.source.TopicLook;
import io.tessellate.topic.TopicNames;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that knows a task's records and its manifests. A record is judged as soon as it can be; one that cannot,
 * because no manifest came yet or the schema registry is away, waits in line.
 */
public final class DatasetProcessor implements Processor<String, Arrival, String, Output> {
    public static final String STATES = "datasets";
    public static final String MANIFESTS = "manifests";
    public static final String WAITING = "waiting";
    public static final String IDENTITIES = "identities";

    private static final Logger LOG = LoggerFactory.getLogger(DatasetProcessor.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int SERVED_PER_ARRIVAL = 500;
    private static final int SERVED_PER_TICK = 5_000;
    private static final long RETRY_AFTER_MS = 1_000;

    private final TopicNames names;
    private final IngestSettings settings;
    private final Supplier<RecordDecoder> decoders;
    private final ExternalState external;
    private final IngestMetrics metrics;
    private final Watermark watermark = new Watermark();
    private long retryAt;

    private ProcessorContext<String, Output> streams;
    private Outbox outbox;
    private Datasets datasets;
    private DeferredArrivals room;
    private Judge judge;
    private Closing closing;
    private Attempts attempts;
    private ManifestHandler manifests;

    public DatasetProcessor(
            TopicNames names,
            IngestSettings settings,
            Supplier<RecordDecoder> decoders,
            ExternalState external,
            IngestMetrics metrics) {
        this.names = names;
        this.settings = settings;
        this.decoders = decoders;
        this.external = external;
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, Output> context) {
        RecordDecoder decoder = decoders.get();
        var acceptance = AcceptedManifest.by(decoder, settings.textLimit());
        streams = context;
        outbox = new Outbox(context);
        datasets =
                new Datasets(context.getStateStore(STATES), context.getStateStore(MANIFESTS), acceptance, outbox.now());
        room = new DeferredArrivals(context.getStateStore(WAITING));
        judge = new Judge(new Identities(context.getStateStore(IDENTITIES)), outbox, metrics);
        TopicLook look = external.look();
        DownstreamState downstream = external.downstream();
        Closing.TaskTopics topics = dataset -> names.task(dataset.task());
        closing = new Closing(settings, topics, look, dataset -> attempts.recreated(dataset), outbox, metrics);
        attempts = new Attempts(datasets, room, closing, topics, look, downstream, outbox);
        manifests = new ManifestHandler(decoder, datasets, closing, outbox, acceptance, downstream, topics);
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    @Override
    public void process(Record<String, Arrival> record) {
        Arrival arrival = streams.recordMetadata()
                .flatMap(external.unforeseen()::refused)
                .map(record.value()::withoutBytes)
                .orElse(record.value());
        watermark.observe(arrival.routedAt(), outbox.now());
        if (record.key().equals(Router.UNADDRESSED)) {
            manifests.refuseUnaddressed(arrival);
            return;
        }
        boolean tombstone =
                arrival.kind() == Arrival.Kind.MANIFEST && arrival.value() == null && arrival.fault() == null;
        if (tombstone) {
            LOG.info("{}: its manifest was deleted, which changes nothing here", record.key());
            return;
        }
        DatasetProgress dataset = dataset(record.key());
        isolated(dataset, arrival, () -> receive(dataset, arrival));
    }

    private void receive(DatasetProgress dataset, Arrival arrival) {
        attempts.before(dataset, arrival, outbox.now());
        dataset.seenAt(arrival.routedAt());
        take(dataset, arrival);
        serve(dataset, SERVED_PER_ARRIVAL);
        closing.settleClosing(dataset);
        datasets.save(dataset);
    }

    /**
     * Does something for one dataset. A defect ends that dataset's attempt and nobody else's; what Kafka throws is no dataset's
     * fault and ends the thread.
     */
    private void isolated(DatasetProgress dataset, @Nullable Arrival arrival, Runnable work) {
        try {
            work.run();
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("{} met a defect, its attempt ends", dataset.task(), e);
            DatasetProgress before = datasets.again(dataset.task().toString(), outbox.now());
            if (arrival != null) {
                judge.putAside(before, arrival, ErrorCode.DEFECT, e.toString());
            }
            long abandoned = room.clear(before);
            closing.rejectUnlessClosed(
                    before,
                    new Verdict.Unsound(
                            ErrorCode.DEFECT,
                            "a defect of Tessellate ended this attempt, %d waiting records were not looked at; push again: %s"
                                    .formatted(abandoned, e)));
            datasets.save(before);
        }
    }

    private DatasetProgress dataset(String task) {
        DatasetProgress known = datasets.find(task);
        if (known != null) {
            return known;
        }
        DatasetProgress dataset = datasets.create(task);
        outbox.opened(dataset.task(), names.task(dataset.task()));
        return dataset;
    }

    /** Handles an arrival at once if nobody of its kind stands in line before it and it can be; else it joins the line. */
    private void take(DatasetProgress dataset, Arrival arrival) {
        if (!dataset.waiting(arrival.kind()).isEmpty() || !handle(dataset, arrival)) {
            room.join(dataset, arrival);
            metrics.deferred();
        }
    }

    private boolean handle(DatasetProgress dataset, Arrival arrival) {
        if (dataset.phase() == AttemptPhase.CLOSING) {
            return false;
        }
        return switch (arrival.kind()) {
            case MANIFEST -> manifests.handle(dataset, arrival);
            case RECORD -> handleRecord(dataset, arrival);
        };
    }

    private boolean handleRecord(DatasetProgress dataset, Arrival arrival) {
        if (dataset.phase() == AttemptPhase.REJECTED) {
            attempts.begin(dataset);
        }
        AcceptedManifest accepted = dataset.accepted();
        if (accepted == null || !judge.judge(dataset, accepted, arrival)) {
            return false;
        }
        closing.settle(dataset);
        return true;
    }

    /** Handles those in line, manifests first, up to a number; returns how many it were. */
    private int serve(DatasetProgress dataset, int most) {
        int manifestsServed = serve(dataset, Arrival.Kind.MANIFEST, most);
        return manifestsServed + serve(dataset, Arrival.Kind.RECORD, most - manifestsServed);
    }

    private int serve(DatasetProgress dataset, Arrival.Kind kind, int most) {
        int served = 0;
        while (served < most
                && !dataset.waiting(kind).isEmpty()
                && mayServe(dataset, kind)
                && outbox.now() >= retryAt) {
            if (!handle(dataset, room.first(dataset, kind))) {
                retryAt = outbox.now() + RETRY_AFTER_MS;
                return served;
            }
            room.leave(dataset, kind);
            served++;
        }
        return served;
    }

    /** Spares the store where it is known that records have to go on waiting. */
    private static boolean mayServe(DatasetProgress dataset, Arrival.Kind kind) {
        return dataset.phase() != AttemptPhase.CLOSING && (kind == Arrival.Kind.MANIFEST || dataset.accepted() != null);
    }

    private void tick(long now) {
        int left = SERVED_PER_TICK;
        for (DatasetProgress dataset : datasets.all()) {
            long before = dataset.waiting();
            int most = left;
            isolated(dataset, null, () -> turn(dataset, most, now));
            left -= Math.toIntExact(Math.min(left, Math.max(0, before - dataset.waiting())));
        }
    }

    private void turn(DatasetProgress dataset, int most, long now) {
        boolean settled = closing.settleClosing(dataset);
        int served = serve(dataset, most);
        if (served > 0) {
            dataset.seenAt(now);
        }
        settled |= closing.settleClosing(dataset)
                || closing.settleQuiet(dataset, streams.taskId().partition(), watermark.at(now));
        boolean looked = attempts.look(dataset);
        boolean reported = report(dataset, now);
        if (served > 0 || settled || looked || reported) {
            datasets.save(dataset);
        }
    }

    private boolean report(DatasetProgress dataset, long now) {
        boolean due = dataset.dueForReport(now, settings.reportInterval().toMillis());
        if (due) {
            outbox.counted(dataset.task(), dataset.tally().counts(), dataset.waiting());
        }
        return due;
    }
}
