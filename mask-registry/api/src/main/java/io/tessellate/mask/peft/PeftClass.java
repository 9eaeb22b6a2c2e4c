package io.tessellate.mask.peft;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;

/**
 * The class of Hugging Face's library that an adapter is loaded on. A class with a head has the model proper in an
 * attribute, whose name then stands before the names of all layers; the class of the bare model has not.
 *
 * @param taskType PEFT's name for what the model does
 * @param inFile beginning of the tensor names in the base's file that the bare model does not have, for example {@code
 *     bert.}; may be empty
 * @param inClass what the class puts before the bare names; empty for the bare model
 * @param transposed whether its layers hold their weights as [inputs, outputs]
 */
public record PeftClass(String taskType, String inFile, String inClass, boolean transposed) {
    private static final String WEIGHT = ".weight";

    /** The bare model, {@code AutoModel}: its hidden vectors are what a task's head is fed. */
    public static PeftClass bare(String inFile, boolean transposed) {
        return new PeftClass("FEATURE_EXTRACTION", inFile, "", transposed);
    }

    /** The model with its own head for tokens, {@code AutoModelForCausalLM}. */
    public static PeftClass causal(String inFile, String inClass, boolean transposed) {
        return new PeftClass("CAUSAL_LM", inFile, inClass, transposed);
    }

    /** The layer that a tensor is the weight of; INVALID_ARGUMENT if it is none. */
    String module(String tensor) {
        if (!tensor.startsWith(inFile) || !tensor.endsWith(WEIGHT)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT,
                    "tensor '%s' must begin with '%s' and end with '%s' to belong to a linear layer"
                            .formatted(tensor, inFile, WEIGHT));
        }
        return inClass + tensor.substring(inFile.length(), tensor.length() - WEIGHT.length());
    }

    /** What PEFT puts before the names of a layer's own tensors. */
    String start(String tensor) {
        return "base_model.model." + module(tensor);
    }
}
