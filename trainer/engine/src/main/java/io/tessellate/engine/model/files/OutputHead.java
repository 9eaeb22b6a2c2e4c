package io.tessellate.engine.model.files;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.family.TensorNames;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.FloatBuffer;

/**
 * Which matrix predicts the next token. {@code tie_word_embeddings} says whether the embeddings do, but files that were
 * trained further may hold a head of their own whatever the flag says: then that one is the model's, as in Hugging Face's
 * library, which does not tie two matrices that differ.
 *
 * @param files the weights
 * @param stated what the configuration says
 * @param names of the tensors if it is right
 */
record OutputHead(WeightFiles files, ModelConfig stated, TensorNames names) {
    private static final int AT_ONCE = 1 << 16;

    /** The configuration that fits the files; TENSOR_MISMATCH if a head is missing or of another shape. */
    ModelConfig resolve() {
        String words = names.embeddings().words();
        String head = names.end().head();
        if (!files.contains(words)) {
            return stated;
        }
        return switch (stated.architecture().output()) {
            case NONE -> stated;
            case OWN -> requireHead(words, head);
            case TIED ->
                words.equals(head) || !files.contains(head) || equal(words, head) ? stated : stated.withOwnHead();
        };
    }

    private ModelConfig requireHead(String words, String head) {
        if (!files.contains(head)) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    ("%s holds no tensor '%s', and its config.json does not say that the embeddings '%s' predict tokens:"
                                    + " tie_word_embeddings must be true, or the head be there")
                            .formatted(files.directory(), head, words));
        }
        return stated;
    }

    private boolean equal(String words, String head) {
        if (!files.info(words).shape().equals(files.info(head).shape())) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "%s: tensor '%s' has shape %s, the embeddings '%s' have %s: a head has a row for each token"
                            .formatted(
                                    files.directory(),
                                    head,
                                    files.info(head).shape(),
                                    words,
                                    files.info(words).shape()));
        }
        long size = files.info(words).shape().elements();
        for (long first = 0; first < size; first += AT_ONCE) {
            int count = (int) Math.min(AT_ONCE, size - first);
            if (!part(words, first, count).equals(part(head, first, count))) {
                return false;
            }
        }
        return true;
    }

    private FloatBuffer part(String tensor, long first, int count) {
        if (!files.info(tensor).dtype().readableAsFloat()) {
            throw new TessellateException(
                    ErrorCode.TENSOR_MISMATCH,
                    "%s: tensor '%s' has dtype %s; known are F32, F16 and BF16"
                            .formatted(
                                    files.directory(),
                                    tensor,
                                    files.info(tensor).dtype()));
        }
        FloatBuffer values = FloatBuffer.allocate(count);
        files.read(tensor, first, count, values);
        return values.flip();
    }
}
