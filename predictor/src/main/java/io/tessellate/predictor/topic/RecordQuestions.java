package io.tessellate.predictor.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.dataset.Question;
import io.tessellate.dataset.record.QuestionReader;
import io.tessellate.dataset.record.RecordDecoder;
import io.tessellate.dataset.record.SourceRecordReader;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.predictor.asking.AskedView;
import io.tessellate.predictor.asking.PredictedView;
import io.tessellate.predictor.asking.Predictor;
import io.tessellate.predictor.asking.Reply;
import io.tessellate.predictor.asking.WantedVersion;
import io.tessellate.topic.TopicNames;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Puts records of predict topics to their tasks. A value is Avro in Confluent's wire format, of any record type whose fields the
 * manifest maps, or a JSON object. The headers {@code tessellate.view} and {@code tessellate.version} say who answers. For one thread.
 */
final class RecordQuestions {
    static final String VIEW = "tessellate.view";
    static final String VERSION = "tessellate.version";
    private final Predictor predictor;
    private final RecordDecoder decoder;
    private final Pattern pattern;

    RecordQuestions(Predictor predictor, RecordDecoder decoder, Pattern pattern) {
        this.predictor = predictor;
        this.decoder = decoder;
        this.pattern = pattern;
    }

    /** The task whose topic a record lies in. */
    TaskId task(ConsumerRecord<?, ?> record) {
        return TopicNames.taskOf(pattern, record.topic())
                .orElseThrow(() -> new IllegalStateException("no predict topic: " + record.topic()));
    }

    /** Asks, unless the record cannot be read. */
    AskedRecord ask(ConsumerRecord<byte[], byte[]> record) {
        try {
            long size = SourceRecordReader.size(record.key(), record.value(), record.headers());
            if (size > SourceRecordReader.LARGEST_BYTES) {
                throw new TessellateException(ErrorCode.RECORD_TOO_LARGE, SourceRecordReader.tooLarge(size));
            }
            String view = header(record, VIEW);
            AskedView asked = predictor.view(
                    task(record),
                    view == null ? PredictedView.TASK : PredictedView.parse(view),
                    WantedVersion.parse(header(record, VERSION)));
            Question question = question(asked, record);
            return new AskedRecord(
                    record,
                    asked,
                    question.id(),
                    predictor.ask(asked, List.of(question)).get(0));
        } catch (RuntimeException e) {
            return AskedRecord.refused(record, Reply.Refused.of(e));
        }
    }

    private Question question(AskedView view, ConsumerRecord<byte[], byte[]> record) {
        QuestionReader reader =
                new QuestionReader(view.dataset().manifest(), view.dataset().textLimit());
        return JsonRecord.fields(record.value())
                .map(reader::read)
                .orElseGet(() -> reader.read(decoder.decode(record.topic(), record.value())));
    }

    private static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
