package io.tessellate.ingest;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.Outcome;
import io.tessellate.dataset.RecordReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/** Decides what becomes of one record: accepted, put aside or a duplicate, and counts it. */
final class Judge {
    private final Identities identities;
    private final Outbox outbox;
    private final IngestMetrics metrics;
    private final ExampleDigest digests = new ExampleDigest();

    Judge(Identities identities, Outbox outbox, IngestMetrics metrics) {
        this.identities = identities;
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /** Judges a record; false while the schema registry does not answer. */
    boolean judge(Dataset dataset, Rules rules, Arrival arrival) {
        Optional<Outcome> outcome = outcome(rules, arrival);
        outcome.ifPresent(known -> {
            if (dataset.phase() == Phase.CLOSED) {
                late(dataset, arrival, known);
            } else {
                dataset.tally().cover(arrival.position());
                count(dataset, arrival, known);
            }
        });
        return outcome.isPresent();
    }

    private Optional<Outcome> outcome(Rules rules, Arrival arrival) {
        if (arrival.fault() != null && arrival.size() <= RecordReader.LARGEST_BYTES) {
            return Optional.of(new Outcome.Refused(ErrorCode.DEFECT, arrival.fault()));
        }
        try {
            return Optional.of(rules.reader().read(arrival.topic(), arrival.size(), arrival.value()));
        } catch (RetriableException e) {
            return Optional.empty();
        }
    }

    private void count(Dataset dataset, Arrival arrival, Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted) {
            accept(dataset, arrival, accepted.example());
        } else if (outcome instanceof Outcome.Refused refused) {
            putAside(dataset, arrival, refused.code(), refused.reason());
        }
    }

    private void accept(Dataset dataset, Arrival arrival, Example example) {
        byte[] digest = digests.of(example);
        if (example.id() == null) {
            dataset.tally().accept(example.split(), digest);
            metrics.accepted();
            return;
        }
        Bytes identity = identities.key(dataset.task(), dataset.attempt(), example.split(), example.id());
        Identities.Holder holder = identities.holder(identity);
        if (holder == null) {
            identities.hold(identity, arrival.position(), digest);
            dataset.tally().accept(example.split(), digest);
            metrics.accepted();
        } else {
            duplicate(dataset, arrival, identity, holder, digest);
        }
    }

    /** The lower position counts, so that the dataset does not depend on how partitions are interleaved. */
    private void duplicate(Dataset dataset, Arrival arrival, Bytes identity, Identities.Holder holder, byte[] digest) {
        if (arrival.position().compareTo(holder.position()) < 0) {
            identities.hold(identity, arrival.position(), digest);
            dataset.tally().replace(holder.digest(), digest);
        } else {
            dataset.tally().duplicate();
        }
        metrics.duplicate();
    }

    private void late(Dataset dataset, Arrival arrival, Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted && isKnown(dataset, accepted.example())) {
            dataset.tally().duplicate();
            metrics.duplicate();
        } else {
            putAside(dataset, arrival, ErrorCode.DATASET_CLOSED, "the dataset was closed before this record came");
        }
    }

    private boolean isKnown(Dataset dataset, Example example) {
        return example.id() != null
                && identities.holder(identities.key(dataset.task(), dataset.attempt(), example.split(), example.id()))
                        != null;
    }

    /** Puts an arrival aside, and counts it if it is a record. */
    void putAside(Dataset dataset, Arrival arrival, ErrorCode code, String reason) {
        if (arrival.kind() == Arrival.Kind.RECORD) {
            dataset.tally().deadLetter();
        }
        outbox.putAside(dataset.task().toString(), arrival, code, reason);
        metrics.deadLettered(code);
    }
}
