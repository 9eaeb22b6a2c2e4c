package io.tessellate.evaluator.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tessellate.engine.metric.Score;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The prediction of every example as JSON Lines, in the order of the examples:
 * {@code {"example":0,"id":"a17","prediction":1,"target":1,"hit":true}}. {@code id} is left out where an example has none,
 * {@code hit} for real values. Of generated texts the prediction is the text's score, of losses the target is the number of tokens.
 */
final class HitsFile {
    private static final JsonFactory JSON = new JsonFactory();

    private HitsFile() {}

    static byte[] of(EvalSet set, Score score) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator lines = JSON.createGenerator(bytes)) {
            lines.setRootValueSeparator(null);
            for (int example = 0; example < score.examples(); example++) {
                line(lines, set, score, example);
                lines.writeRaw('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static void line(JsonGenerator lines, EvalSet set, Score score, int example) throws IOException {
        lines.writeStartObject();
        lines.writeNumberField("example", example);
        if (!set.ids().get(example).isEmpty()) {
            lines.writeStringField("id", set.ids().get(example));
        }
        if (set.metric().kind().numbered()) {
            lines.writeNumberField("prediction", (long) score.prediction(example));
            lines.writeNumberField("target", (long) score.target(example));
            lines.writeBooleanField("hit", score.hit(example));
        } else {
            lines.writeNumberField("prediction", score.prediction(example));
            lines.writeNumberField("target", score.target(example));
        }
        lines.writeEndObject();
    }
}
