package io.tessellate.ingest.attempt;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.ExampleDigest;
import io.tessellate.dataset.record.Outcome;
import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.ingest.arrival.Arrival;
import io.tessellate.ingest.arrival.Outbox;
import io.tessellate.ingest.arrival.SourcePosition;
import java.util.Arrays;
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
    boolean judge(DatasetProgress dataset, AcceptedManifest accepted, Arrival arrival) {
        Optional<Outcome> outcome = outcome(accepted, arrival);
        outcome.ifPresent(known -> {
            if (dataset.phase() == AttemptPhase.CLOSED) {
                late(dataset, arrival, known);
            } else {
                dataset.tally().cover(arrival.position());
                count(dataset, arrival, known);
            }
        });
        return outcome.isPresent();
    }

    private Optional<Outcome> outcome(AcceptedManifest accepted, Arrival arrival) {
        if (arrival.fault() != null && arrival.size() <= SourceRecordReader.LARGEST_BYTES) {
            return Optional.of(new Outcome.Refused(ErrorCode.DEFECT, arrival.fault()));
        }
        try {
            return Optional.of(accepted.reader().read(arrival.topic(), arrival.size(), arrival.value()));
        } catch (RetriableException e) {
            return Optional.empty();
        }
    }

    private void count(DatasetProgress dataset, Arrival arrival, Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted) {
            accept(dataset, arrival, accepted.example());
        } else if (outcome instanceof Outcome.Refused refused) {
            putAside(dataset, arrival, refused.code(), refused.reason());
        }
    }

    private void accept(DatasetProgress dataset, Arrival arrival, Example example) {
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
            again(dataset, arrival, identity, holder, example);
        }
    }

    /**
     * Of several records with one id the one at the lowest position counts, so that the dataset does not depend on how
     * partitions are interleaved. Every other content is put aside once; what repeats a content is a duplicate.
     */
    private void again(
            DatasetProgress dataset, Arrival arrival, Bytes identity, Identities.Holder holder, Example example) {
        byte[] digest = digests.of(example);
        boolean same = Arrays.equals(digest, holder.digest());
        boolean before = arrival.position().compareTo(holder.position()) < 0;
        if (before) {
            identities.hold(identity, arrival.position(), digest);
        }
        if (same) {
            duplicate(dataset);
        } else if (before) {
            supersede(dataset, arrival, identity, holder, example);
        } else if (identities.refuse(identity, digest)) {
            duplicate(dataset);
        } else {
            putAside(dataset, arrival, ErrorCode.DUPLICATE_ID, otherContent(example, holder.position()));
        }
    }

    /** What was accepted is refused after all; its bytes are no longer at hand. */
    private void supersede(
            DatasetProgress dataset, Arrival arrival, Bytes identity, Identities.Holder holder, Example example) {
        byte[] digest = digests.of(example);
        dataset.tally().supersede(holder.digest(), digest);
        boolean knownBefore = identities.refuse(identity, digest);
        identities.refuse(identity, holder.digest());
        if (knownBefore) {
            duplicate(dataset);
        } else {
            putAside(
                    dataset,
                    arrival.at(holder.position()),
                    ErrorCode.DUPLICATE_ID,
                    otherContent(example, arrival.position()));
        }
    }

    private static String otherContent(Example example, SourcePosition position) {
        return "id '%s' came with another content at partition %d offset %d, which counts"
                .formatted(example.id(), position.partition(), position.offset());
    }

    private void duplicate(DatasetProgress dataset) {
        dataset.tally().duplicate();
        metrics.duplicate();
    }

    private void late(DatasetProgress dataset, Arrival arrival, Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted && isKnown(dataset, accepted.example())) {
            duplicate(dataset);
        } else {
            putAside(dataset, arrival, ErrorCode.DATASET_CLOSED, "the dataset was closed before this record came");
        }
    }

    private boolean isKnown(DatasetProgress dataset, Example example) {
        if (example.id() == null) {
            return false;
        }
        byte[] digest = digests.of(example);
        Bytes identity = identities.key(dataset.task(), dataset.attempt(), example.split(), example.id());
        Identities.Holder holder = identities.holder(identity);
        return holder != null && (Arrays.equals(digest, holder.digest()) || identities.wasRefused(identity, digest));
    }

    /** Puts an arrival aside, and counts it if it is a record. */
    void putAside(DatasetProgress dataset, Arrival arrival, ErrorCode code, String reason) {
        if (arrival.kind() == Arrival.Kind.RECORD) {
            dataset.tally().deadLetter(code, arrival.position(), SourceRecordReader.shortened(reason));
        }
        outbox.putAside(dataset.task().toString(), arrival, code, reason);
        metrics.deadLettered(code);
    }
}
