package io.tessellate.registry;

import io.tessellate.dataset.RecordDecoder;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.topic.Topic;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one source topic into commands. Bytes that will never decode are a command too, one that is refused.
 *
 * @param topic the source topic
 * @param decoder decodes its values
 * @param reader the command an event of the topic stands for, if it concerns the registry
 * @param <V> Avro class of the topic's values
 */
record InputDecoder<V extends SpecificRecord>(
        Topic<V> topic, RecordDecoder decoder, Function<V, Optional<CommandEnvelope>> reader) {
    /**
     * The command a record holds; nothing if it does not concern the registry.
     *
     * @throws TessellateException INVALID_ARGUMENT if the record's key names no model, so that there is nobody to answer;
     *     UNAVAILABLE_DEPENDENCY if the schema registry does not answer
     */
    Optional<CommandEnvelope> decode(@Nullable String key, byte @Nullable [] value) {
        if (key == null) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "a record of %s has no model as key".formatted(topic.name()));
        }
        ModelName model = new ModelName(key);
        try {
            return reader.apply(decoder.decode(topic.name(), value, topic.valueType()))
                    .map(command -> command.model().equals(model) ? command : misplaced(model, command));
        } catch (RetriableException e) {
            throw e;
        } catch (TessellateException e) {
            return Optional.of(unreadable(model, e.code(), String.valueOf(e.getMessage())));
        }
    }

    private CommandEnvelope misplaced(ModelName key, CommandEnvelope command) {
        return unreadable(
                key, ErrorCode.INVALID_FIELD, "its key and its model, %s, must be the same".formatted(command.model()));
    }

    private CommandEnvelope unreadable(ModelName model, ErrorCode code, String message) {
        String where = "a record of %s for model %s: %s".formatted(topic.name(), model, message);
        return new CommandEnvelope(model, null, new UnreadableCommand(code, where, null, null));
    }
}
