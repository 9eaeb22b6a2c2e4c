package io.tessellate.engine.model.family;

import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tensors that weight files may hold and the engine does not need, told by their names. Half of the Hub's models were
 * trained for a task before, and keep that task's head.
 *
 * @param rules the first that fits says what a tensor is
 */
public record UnusedTensors(List<Rule> rules) {
    private static final int NAMED = 3;

    /** What such a tensor is. */
    enum Kind {
        TASK_HEAD("head of an earlier fine-tuning"),
        PRETRAINING_HEAD("head of the pre-training"),
        POOLER("pooler"),
        BUFFER("can be computed"),
        TIED_HEAD("equal to the embeddings");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /**
     * Names of one kind.
     *
     * @param names whether a tensor of that name is of the kind
     */
    record Rule(Kind kind, Predicate<String> names) {}

    /** Copies the list. */
    public UnusedTensors {
        rules = List.copyOf(rules);
    }

    /** What any model may hold: the heads of Hugging Face's classes for tasks, and the value head of preference training. */
    static UnusedTensors ofAny() {
        return new UnusedTensors(List.of())
                .and(
                        Kind.TASK_HEAD,
                        below(
                                "classifier.",
                                "pre_classifier.",
                                "qa_outputs.",
                                "score.",
                                "multiple_choice_head.",
                                "v_head."));
    }

    /**
     * What an encoder may hold besides.
     *
     * @param prefix of the tensors of the encoder proper
     */
    static UnusedTensors ofEncoder(String prefix) {
        return ofAny().and(
                        Kind.PRETRAINING_HEAD,
                        below("cls.", "lm_head.", "vocab_transform.", "vocab_layer_norm.", "vocab_projector."))
                .and(Kind.POOLER, below(prefix + "pooler."))
                .and(
                        Kind.BUFFER,
                        List.of(prefix + "embeddings.position_ids", prefix + "embeddings.token_type_ids")::contains);
    }

    /**
     * What a DeBERTa may hold besides: positions served its pre-training's head only.
     *
     * @param prefix of the tensors of the encoder proper
     */
    static UnusedTensors ofDeberta(String prefix) {
        return ofEncoder(prefix)
                .and(
                        Kind.PRETRAINING_HEAD,
                        below("lm_predictions.", "mask_predictions.", prefix + "embeddings.position_embeddings."))
                .and(Kind.POOLER, below("pooler."));
    }

    /** What a ModernBERT may hold besides. */
    static UnusedTensors ofModernBert() {
        return ofAny().and(Kind.PRETRAINING_HEAD, below("head.", "decoder."))
                .and(Kind.BUFFER, name -> name.endsWith("inv_freq"));
    }

    /**
     * What a decoder may hold besides.
     *
     * @param head the matrix that predicts tokens, which is not needed where the embeddings do
     * @param buffers of its layers
     */
    static UnusedTensors ofDecoder(ModelConfig config, String head, Predicate<String> buffers) {
        boolean tied = config.architecture().output() == Architecture.Output.TIED;
        return ofAny().and(Kind.BUFFER, buffers).and(Kind.TIED_HEAD, name -> tied && name.equals(head));
    }

    private static Predicate<String> below(String... prefixes) {
        return name -> Stream.of(prefixes).anyMatch(name::startsWith);
    }

    private UnusedTensors and(Kind kind, Predicate<String> names) {
        List<Rule> all = new ArrayList<>(rules);
        all.add(new Rule(kind, names));
        return new UnusedTensors(all);
    }

    /** What a tensor is; nothing if it is not known. */
    public Optional<Kind> kind(String tensor) {
        return rules.stream()
                .filter(rule -> rule.names().test(tensor))
                .map(Rule::kind)
                .findFirst();
    }

    /** Says in one line what some of them are, for example {@code classifier.bias (head of an earlier fine-tuning)}. */
    public String describe(Collection<String> tensors) {
        Map<Kind, List<String>> byKind = new EnumMap<>(Kind.class);
        tensors.forEach(name -> kind(name)
                .ifPresent(kind ->
                        byKind.computeIfAbsent(kind, any -> new ArrayList<>()).add(name)));
        return byKind.entrySet().stream()
                .map(entry -> "%s (%s)".formatted(some(entry.getValue()), entry.getKey().text))
                .collect(Collectors.joining("; "));
    }

    private static String some(List<String> names) {
        String first = names.stream().sorted().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() <= NAMED ? first : "%s and %d more".formatted(first, names.size() - NAMED);
    }
}
