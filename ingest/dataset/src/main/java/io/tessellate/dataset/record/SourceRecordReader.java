package io.tessellate.dataset.record;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Says what becomes of a source record, whatever it holds: the one rule for all who read datasets, so that reading again
 * finds what ingest found. Not thread-safe.
 */
public final class SourceRecordReader {
    /**
     * Largest record in bytes, key and headers included: what Tessellate's own topics hold, less what is added on the way. A
     * compressed record may be small in its topic and larger than this once it is read.
     */
    public static final int LARGEST_BYTES = 15 << 20;

    private static final int LONGEST_REASON = 1_000;

    private final RecordDecoder decoder;
    private final ExampleReader examples;

    /** A reader by a manifest's rules. */
    public SourceRecordReader(RecordDecoder decoder, ExampleReader examples) {
        this.decoder = decoder;
        this.examples = examples;
    }

    /** The size that counts against {@link #LARGEST_BYTES}. */
    public static long size(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return length(key) + length(value) + size(headers);
    }

    /** What the headers of a record take. */
    public static long size(Headers headers) {
        long size = 0;
        for (Header header : headers) {
            size += length(header.value()) + header.key().length();
        }
        return size;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /**
     * The outcome of a record.
     *
     * @param size of the whole record
     * @throws RetriableException while the schema registry does not answer
     */
    public Outcome read(String topic, long size, byte @Nullable [] value) {
        if (size > LARGEST_BYTES) {
            return new Outcome.Refused(ErrorCode.RECORD_TOO_LARGE, tooLarge(size));
        }
        try {
            return shortened(examples.read(decoder.decode(topic, value)));
        } catch (RetriableException e) {
            throw e;
        } catch (TessellateException e) {
            return shortened(new Outcome.Refused(e.code(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            return shortened(new Outcome.Refused(ErrorCode.DEFECT, "nobody foresaw this record: " + e));
        }
    }

    /** Why a record of a size is refused. */
    public static String tooLarge(long size) {
        return "the record has %d bytes once it is decompressed, allowed are %d".formatted(size, LARGEST_BYTES);
    }

    /** A reason quotes values, and a value may be long. */
    private static Outcome shortened(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused && refused.reason().length() > LONGEST_REASON
                ? new Outcome.Refused(refused.code(), shortened(refused.reason()))
                : outcome;
    }

    /** A reason that fits into a header or an event; what is left out is said. */
    public static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON
                ? reason
                : "%s… (%d characters in all)".formatted(reason.substring(0, LONGEST_REASON), reason.length());
    }
}
