package io.tessellate.predictor.asking;

import io.tessellate.dataset.Question;
import io.tessellate.dataset.record.QuestionReader;
import io.tessellate.error.TessellateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Records put to one view: read as its task's examples are, answered together, each with a reply of its own.
 *
 * @param patience with all of them
 */
public record Inquiry(Predictor predictor, AskedView view, Duration patience) {
    /**
     * A prediction for each record, in their order.
     *
     * @param read makes a question of a record; a {@link TessellateException} of it is the record's reply
     * @throws io.tessellate.error.RetriableException QUEUE_FULL; then none is answered
     */
    public <R> List<Prediction> answers(List<R> records, Function<? super R, Question> read) {
        long asked = System.nanoTime();
        List<@Nullable Question> questions = new ArrayList<>();
        List<Reply> unread = new ArrayList<>();
        for (R record : records) {
            try {
                questions.add(read.apply(record));
            } catch (TessellateException e) {
                questions.add(null);
                unread.add(Reply.Refused.of(e));
            }
        }
        List<Question> readable =
                questions.stream().filter(question -> question != null).toList();
        List<CompletableFuture<Reply>> replies = predictor.ask(view, readable);
        List<Prediction> all = new ArrayList<>();
        int next = 0;
        int bad = 0;
        for (Question question : questions) {
            Reply reply = question == null ? unread.get(bad++) : Reply.within(replies.get(next++), asked, patience);
            all.add(new Prediction(question == null ? null : question.id(), reply, (System.nanoTime() - asked) / 1e6));
        }
        return all;
    }

    /** A reader of this view's records. */
    public QuestionReader reader() {
        return new QuestionReader(view.dataset().manifest(), view.dataset().textLimit());
    }
}
