package io.tessellate.engine.tokenizer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Tokenizers of the kinds that decoders come with, small enough to be written by a test. */
public final class SmallTokenizers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BYTES = 256;

    private SmallTokenizers() {}

    /**
     * Byte pairs over bytes, as GPT-2 has them.
     *
     * @param words whether text is first cut at words, so that nothing joins across
     * @param merges pairs of a left and a right part, in GPT-2's alphabet: Ġ is a space
     */
    public static Path byteLevel(Path directory, boolean words, String... merges) {
        ObjectNode json = base();
        pretokenizer(json, words);
        json.putNull("post_processor");
        json.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", true)
                .put("trim_offsets", true)
                .put("use_regex", true);
        Set<String> vocabulary = new LinkedHashSet<>(List.of("<|end|>"));
        for (int b = 0; b < BYTES; b++) {
            vocabulary.add(Character.toString(letter(b)));
        }
        model(json, vocabulary, false, merges);
        json.withArray("added_tokens").add(special(0, "<|end|>"));
        return write(directory, json);
    }

    private static void pretokenizer(ObjectNode json, boolean words) {
        json.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", words);
    }

    /** GPT-2's letter of a byte: itself where it can be seen, else one from U+0100 on. */
    private static int letter(int b) {
        int next = 0;
        for (int other = 0; other <= b; other++) {
            boolean seen = other >= '!' && other <= '~' || other >= 0xA1 && other <= 0xAC || other >= 0xAE;
            if (other == b) {
                return seen ? b : BYTES + next;
            }
            next += seen ? 0 : 1;
        }
        throw new IllegalArgumentException("no byte: " + b);
    }

    /**
     * Byte pairs over letters with U+2581 for spaces and bytes for letters that are not known, as SentencePiece has them.
     *
     * @param ended whether an end token is put behind every text
     */
    public static Path sentencePiece(Path directory, boolean ended, String letters, String... merges) {
        ObjectNode json = base();
        ArrayNode normalizers =
                json.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
        normalizers.addObject().put("type", "Prepend").put("prepend", "\u2581");
        normalizers
                .addObject()
                .put("type", "Replace")
                .put("content", "\u2581")
                .putObject("pattern")
                .put("String", " ");
        json.putNull("pre_tokenizer");
        template(json.putObject("post_processor"), ended);
        ArrayNode decoders = json.putObject("decoder").put("type", "Sequence").putArray("decoders");
        decoders.addObject()
                .put("type", "Replace")
                .put("content", " ")
                .putObject("pattern")
                .put("String", "\u2581");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        decoders.addObject()
                .put("type", "Strip")
                .put("content", " ")
                .put("start", 1)
                .put("stop", 0);
        Set<String> vocabulary = new LinkedHashSet<>(List.of("<unk>", "<s>", "</s>"));
        for (int b = 0; b < BYTES; b++) {
            vocabulary.add("<0x%02X>".formatted(b));
        }
        ("\u2581" + letters).codePoints().forEach(letter -> vocabulary.add(Character.toString(letter)));
        model(json, vocabulary, true, merges);
        for (int id = 0; id < 3; id++) {
            json.withArray("added_tokens")
                    .add(special(id, List.of("<unk>", "<s>", "</s>").get(id)));
        }
        return write(directory, json);
    }

    private static void template(ObjectNode processor, boolean ended) {
        processor.put("type", "TemplateProcessing");
        for (String kind : List.of("single", "pair")) {
            ArrayNode parts = processor.putArray(kind);
            parts.addObject().putObject("SpecialToken").put("id", "<s>").put("type_id", 0);
            parts.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            if (kind.equals("pair")) {
                parts.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
            }
            if (ended) {
                parts.addObject().putObject("SpecialToken").put("id", "</s>").put("type_id", 0);
            }
        }
        specialTokens(processor, List.of("<unk>", "<s>", "</s>"));
    }

    /**
     * The likeliest division into pieces (Unigram), with the special tokens of XLM-RoBERTa and CamemBERT at the first ids.
     *
     * @param pieces U+2581 stands for a space; the first are the likeliest
     */
    public static Path unigram(Path directory, String... pieces) {
        ObjectNode json = base();
        List<String> special = List.of("<s>", "<pad>", "</s>", "<unk>");
        json.putObject("pre_tokenizer")
                .put("type", "Metaspace")
                .put("replacement", "\u2581")
                .put("prepend_scheme", "always");
        json.putObject("decoder")
                .put("type", "Metaspace")
                .put("replacement", "\u2581")
                .put("prepend_scheme", "always");
        ObjectNode processor = json.putObject("post_processor").put("type", "TemplateProcessing");
        parts(processor.putArray("single"), "<s>", "A", "</s>");
        parts(processor.putArray("pair"), "<s>", "A", "</s>", "</s>", "B", "</s>");
        specialTokens(processor, special);
        ArrayNode vocabulary = json.putObject("model")
                .put("type", "Unigram")
                .put("unk_id", 3)
                .put("byte_fallback", false)
                .putArray("vocab");
        special.forEach(token -> vocabulary.addArray().add(token).add(0.0));
        for (int p = 0; p < pieces.length; p++) {
            vocabulary.addArray().add(pieces[p]).add(-2.0 - p);
        }
        for (int id = 0; id < special.size(); id++) {
            json.withArray("added_tokens").add(special(id, special.get(id)));
        }
        return write(directory, json);
    }

    /** Texts by one letter, special tokens by more; all of one type. */
    private static void parts(ArrayNode template, String... names) {
        for (String name : names) {
            template.addObject()
                    .putObject(name.length() == 1 ? "Sequence" : "SpecialToken")
                    .put("id", name)
                    .put("type_id", 0);
        }
    }

    private static void specialTokens(ObjectNode processor, List<String> ids) {
        ObjectNode tokens = processor.putObject("special_tokens");
        for (String name : List.of("<s>", "</s>")) {
            ObjectNode token = tokens.putObject(name).put("id", name);
            token.putArray("ids").add(ids.indexOf(name));
            token.putArray("tokens").add(name);
        }
    }

    /** Whole words from a list; others are one unknown token. */
    public static Path words(Path directory, String... words) {
        ObjectNode json = base();
        json.putObject("pre_tokenizer").put("type", "Whitespace");
        json.putNull("post_processor").putNull("decoder");
        ObjectNode model = json.putObject("model").put("type", "WordLevel").put("unk_token", "<unk>");
        ObjectNode ids = model.putObject("vocab").put("<unk>", 0);
        for (String word : words) {
            ids.put(word, ids.size());
        }
        return write(directory, json);
    }

    private static ObjectNode base() {
        ObjectNode json = JSON.createObjectNode().put("version", "1.0");
        json.putNull("truncation").putNull("padding").putArray("added_tokens");
        json.putNull("normalizer");
        return json;
    }

    private static ObjectNode special(int id, String content) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static void model(ObjectNode json, Set<String> vocabulary, boolean bytes, String... merges) {
        ObjectNode model =
                json.putObject("model").put("type", "BPE").putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", true).put("byte_fallback", bytes);
        if (bytes) {
            model.put("unk_token", "<unk>");
        }
        List<String> pairs = new ArrayList<>(List.of(merges));
        pairs.forEach(pair -> vocabulary.add(pair.replace(" ", "")));
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        ArrayNode list = model.putArray("merges");
        pairs.forEach(list::add);
    }

    private static Path write(Path directory, ObjectNode json) {
        try {
            return Files.writeString(directory.resolve("tokenizer.json"), json.toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
