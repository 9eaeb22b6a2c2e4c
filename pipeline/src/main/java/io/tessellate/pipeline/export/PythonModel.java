package io.tessellate.pipeline.export;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.EndTokens;
import io.tessellate.engine.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How lines of Python get hold of an exported model, standing in its folder.
 *
 * @param imports further lines of imports, each with its end
 * @param wrapping what a loaded base becomes; {@code %s} stands for it
 * @param base of {@code from_pretrained}: its arguments
 * @param inputs what a tokenizer is told besides its file
 * @param speaker which token speaks for a sequence: 0, or -1 of a decoder
 * @param ends tokens that end a text
 * @param trailing tokens that the tokenizer puts behind a text
 * @param positions longest sequence
 */
record PythonModel(
        String imports,
        String wrapping,
        String base,
        String inputs,
        int speaker,
        List<Integer> ends,
        int trailing,
        int positions) {
    /** A model directory. */
    static PythonModel whole(BaseModel model) {
        return of(model, "", "%s", quoted("."));
    }

    /**
     * An adapter of PEFT.
     *
     * @param base what it is loaded on, as Python's arguments
     */
    static PythonModel adapter(BaseModel model, String base) {
        return of(model, "from peft import PeftModel\n", "PeftModel.from_pretrained(%s, \".\")", base);
    }

    private static PythonModel of(BaseModel model, String imports, String wrapping, String base) {
        ModelConfig config = model.config();
        String inputs = config.tokenTypes() < 2 ? ", model_input_names=[\"input_ids\", \"attention_mask\"]" : "";
        try (Tokenizer tokenizer = Tokenizer.load(model.tokenizerFile(), config.maxPositions())) {
            return new PythonModel(
                    imports,
                    wrapping,
                    base,
                    inputs,
                    config.causal() ? -1 : 0,
                    List.copyOf(EndTokens.of(model.directory())),
                    tokenizer.tokenize("a").trailing(),
                    config.maxPositions());
        }
    }

    /** An expression for the model of one of transformers' classes. */
    String load(String type) {
        return wrapping.formatted("%s.from_pretrained(%s)".formatted(type, base));
    }

    /** A Python string. */
    static String quoted(String text) {
        String escaped = text.chars()
                .mapToObj(c -> switch (c) {
                    case '"' -> "\\\"";
                    case '\\' -> "\\\\";
                    default -> c >= ' ' && c < 127 ? Character.toString(c) : "\\u%04x".formatted(c);
                })
                .collect(Collectors.joining());
        return '"' + escaped + '"';
    }

    /** A Python list of strings. */
    static String list(List<String> texts) {
        return texts.stream().map(PythonModel::quoted).collect(Collectors.joining(", ", "[", "]"));
    }
}
