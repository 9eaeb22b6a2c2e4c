package io.tessellate.predictor.topic;

import io.tessellate.error.ErrorCode;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.Reply;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record on its way to an answer.
 *
 * @param view what it is put to; null where that could not be found out
 * @param id what it calls itself
 */
record AskedRecord(
        ConsumerRecord<byte[], byte[]> record,
        @Nullable AskedView view,
        @Nullable String id,
        CompletableFuture<Reply> reply) {
    /** One that goes no further. */
    static AskedRecord refused(ConsumerRecord<byte[], byte[]> record, Reply.Refused why) {
        return new AskedRecord(record, null, null, CompletableFuture.completedFuture(why));
    }

    /** Whether a refusal may pass: what it waits for comes back by itself, or a person puts it right. */
    static boolean mayPass(Reply.Refused refused) {
        return refused.again() || refused.code() == ErrorCode.MODEL_PARKED;
    }
}
