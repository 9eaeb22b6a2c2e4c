package io.tessellate.engine.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A tokenizer that knows whole words: text is lower-cased and split at white space and around punctuation; a word outside
 * the list is {@code [UNK]}. The first ids are the special tokens, the words follow in their order.
 */
public final class WordTokenizer {
    /** Fills short sequences. */
    public static final int PAD = 0;
    /** Stands for words outside the list. */
    public static final int UNKNOWN = 1;
    /** Begins every sequence. */
    public static final int CLS = 2;
    /** Ends every text. */
    public static final int SEP = 3;
    /** Stands for a word to be guessed. */
    public static final int MASK = 4;
    /** Id of the first word. */
    public static final int FIRST_WORD = 5;

    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    private static final Pattern WORD = Pattern.compile("[\\p{Ll}\\p{Lo}\\p{Nd}]+|\\p{Punct}");

    private final List<String> vocabulary;

    /** A tokenizer of these words: lower-case letters and digits, or one punctuation mark each. */
    public WordTokenizer(List<String> words) {
        Set<String> seen = new HashSet<>();
        for (String word : words) {
            if (!WORD.matcher(word).matches() || !seen.add(word)) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "word '%s' must be lower-case letters and digits or one punctuation mark, and listed once"
                                .formatted(word));
            }
        }
        List<String> all = new ArrayList<>(SPECIAL);
        all.addAll(words);
        this.vocabulary = List.copyOf(all);
    }

    /** Number of ids. */
    public int size() {
        return vocabulary.size();
    }

    /** The content of its {@code tokenizer.json}. */
    public String toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("version", "1.0").putNull("truncation").putNull("padding");
        addedTokens(json.putArray("added_tokens"));
        json.putObject("normalizer")
                .put("type", "BertNormalizer")
                .put("clean_text", true)
                .put("handle_chinese_chars", true)
                .putNull("strip_accents")
                .put("lowercase", true);
        json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
        postProcessor(json.putObject("post_processor"));
        json.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
        model(json.putObject("model"));
        return json.toPrettyString() + "\n";
    }

    private static void addedTokens(ArrayNode tokens) {
        for (int id = 0; id < SPECIAL.size(); id++) {
            tokens.addObject()
                    .put("id", id)
                    .put("content", SPECIAL.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
    }

    private static void postProcessor(ObjectNode processor) {
        processor.put("type", "TemplateProcessing");
        ArrayNode single = processor.putArray("single");
        special(single, CLS, 0);
        sequence(single, "A", 0);
        special(single, SEP, 0);
        ArrayNode pair = processor.putArray("pair");
        special(pair, CLS, 0);
        sequence(pair, "A", 0);
        special(pair, SEP, 0);
        sequence(pair, "B", 1);
        special(pair, SEP, 1);
        ObjectNode tokens = processor.putObject("special_tokens");
        for (int id : new int[] {CLS, SEP}) {
            ObjectNode token = tokens.putObject(SPECIAL.get(id));
            token.put("id", SPECIAL.get(id));
            token.putArray("ids").add(id);
            token.putArray("tokens").add(SPECIAL.get(id));
        }
    }

    private static void special(ArrayNode template, int id, int type) {
        template.addObject()
                .putObject("SpecialToken")
                .put("id", SPECIAL.get(id))
                .put("type_id", type);
    }

    private static void sequence(ArrayNode template, String which, int type) {
        template.addObject().putObject("Sequence").put("id", which).put("type_id", type);
    }

    /** WordPiece without pieces: what every BERT reader understands. */
    private void model(ObjectNode model) {
        model.put("type", "WordPiece")
                .put("unk_token", "[UNK]")
                .put("continuing_subword_prefix", "##")
                .put("max_input_chars_per_word", 100);
        ObjectNode ids = model.putObject("vocab");
        for (int id = 0; id < vocabulary.size(); id++) {
            ids.put(vocabulary.get(id), id);
        }
    }
}
