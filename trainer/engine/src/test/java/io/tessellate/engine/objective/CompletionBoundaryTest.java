package io.tessellate.engine.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Label;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.data.FittedSplit;
import io.tessellate.engine.data.Truncation;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.fixture.ToyDecoder;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.tokenizer.SmallTokenizers;
import io.tessellate.engine.tokenizer.Tokenizer;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A completion counts from the character where its prompt ends, however the tokenizer would join the two. */
class CompletionBoundaryTest {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzSTMF:.,?!0123456789\"";
    private static final String[] PAIRS = {
        ": \u2581", "y e", "ye s", "\u2581 yes", "n o", "\u2581 no", "S a", "Sa y", "Say s"
    };
    private static final String[] BYTE_PAIRS = {
        ": \u0120", "y e", "ye s", "\u0120 yes", "n o", "\u0120 no", "S a", "Sa y", "Say s"
    };
    private static final int LONGEST = 32;

    @TempDir
    private Path directory;

    /** Kinds of tokenizers. */
    enum Kind {
        SENTENCE_PIECE {
            @Override
            Path write(Path directory) {
                return SmallTokenizers.sentencePiece(directory, false, LETTERS, PAIRS);
            }
        },
        SENTENCE_PIECE_WITH_END {
            @Override
            Path write(Path directory) {
                return SmallTokenizers.sentencePiece(directory, true, LETTERS, PAIRS);
            }
        },
        BYTES {
            @Override
            Path write(Path directory) {
                return SmallTokenizers.byteLevel(directory, false, BYTE_PAIRS);
            }
        },
        BYTES_OF_WORDS {
            @Override
            Path write(Path directory) {
                return SmallTokenizers.byteLevel(directory, true, BYTE_PAIRS);
            }
        };

        abstract Path write(Path directory);
    }

    static Stream<Arguments> texts() {
        List<Arguments> pairs = List.of(
                Arguments.of("Say:", " yes"),
                Arguments.of("Say: ", "yes"),
                Arguments.of("Say:", "yes"),
                Arguments.of("Say\n", "yes"),
                Arguments.of("Say\n\n", "\nyes"),
                Arguments.of("Sa", "y no"),
                Arguments.of("Say", "s no yes"),
                Arguments.of("say", " no yes"),
                Arguments.of("say ", " no"),
                Arguments.of("She said \"", "yes\""),
                Arguments.of("caf", "\u00e9 no"),
                Arguments.of("caf\u00e9", "\ud83d\ude00 yes"),
                Arguments.of("\u65e5", "\u672c"),
                Arguments.of("1", "2 yes"));
        return Stream.of(Kind.values())
                .flatMap(kind -> pairs.stream().map(pair -> Arguments.of(kind, pair.get()[0], pair.get()[1])));
    }

    private Encoding encoding(Path file) {
        ModelConfig small = ToyDecoder.CONFIG;
        ModelConfig config = new ModelConfig(
                small.modelType(),
                small.vocabulary(),
                small.hidden(),
                small.layers(),
                small.heads(),
                small.intermediate(),
                LONGEST,
                small.tokenTypes(),
                small.normEpsilon(),
                small.padToken(),
                small.architecture());
        return Encoding.of(file, config, Recipe.of(Map.of("maxLength", LONGEST)));
    }

    private static EncodedExample encoded(Encoding encoding, String prompt, String completion) {
        return encoding.encode(
                        TextObjective.GENERATION, List.of(Example.train(prompt, new Label.Completion(completion))))
                .get(0);
    }

    @ParameterizedTest
    @MethodSource("texts")
    void theCompletionsTokensAreThoseOfTheCompletionAlone(Kind kind, String prompt, String completion) {
        Path file = kind.write(directory);
        try (Encoding encoding = encoding(file);
                Tokenizer tokenizer = Tokenizer.load(file, LONGEST)) {
            EncodedExample example = encoded(encoding, prompt, completion);
            int[] ids = example.sequences().get(0).ids();
            int boundary = (int) example.target();
            int[] given = Arrays.copyOf(ids, boundary);
            int[] learnt = Arrays.copyOfRange(ids, boundary, ids.length);
            assertThat(given)
                    .as("the prompt is what a model that is to continue it sees")
                    .isEqualTo(tokenizer.tokenize(prompt).open());
            assertThat(tokenizer.decodeBehind(given, learnt)).isEqualTo(completion);
            assertThat(example.truncation()).isEqualTo(Truncation.WHOLE);
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void whereNothingJoinsAcrossNothingIsChanged(Kind kind, String prompt, String completion) {
        Path file = kind.write(directory);
        try (Encoding encoding = encoding(file);
                Tokenizer tokenizer = Tokenizer.load(file, LONGEST)) {
            int[] whole = tokenizer.encode(prompt + completion).ids();
            int[] own = tokenizer.tokenize(prompt).open();
            boolean joins = Arrays.mismatch(own, whole) != own.length;
            assertThat(Arrays.equals(
                            encoded(encoding, prompt, completion)
                                    .sequences()
                                    .get(0)
                                    .ids(),
                            whole))
                    .isNotEqualTo(joins);
        }
    }

    @Test
    void someOfThesePairsJoinAndSomeDoNot() {
        for (Kind kind : Kind.values()) {
            try (Tokenizer tokenizer = Tokenizer.load(kind.write(directory), LONGEST)) {
                long joining = texts().filter(text -> text.get()[0] == kind)
                        .filter(text -> {
                            int[] own =
                                    tokenizer.tokenize((String) text.get()[1]).open();
                            int[] whole = tokenizer
                                    .encode((String) text.get()[1] + text.get()[2])
                                    .ids();
                            return Arrays.mismatch(own, whole) != own.length;
                        })
                        .count();
                assertThat(joining).as(kind.name()).isBetween(2L, 9L);
            }
        }
    }

    @Test
    void aWordThatSwallowsItsCompletionLeavesTheCompletionItsOwnToken() {
        Path file = SmallTokenizers.words(directory, "say", "yes", "no");
        try (Encoding encoding = encoding(file)) {
            EncodedExample example = encoded(encoding, "say foo", "yes");
            assertThat(example.completionTokens()).isEqualTo(1);
            assertThat(example.sequences().get(0).ids()).containsExactly(1, 0, 2);
        }
    }

    @Test
    void whatTheLongestLengthTakesIsKnownOfEveryExample() {
        Path file = Kind.BYTES_OF_WORDS.write(directory);
        String words = "ab ".repeat(40);
        List<Example> examples = List.of(
                Example.train("ab", new Label.Completion(" cd")),
                Example.train("ab", new Label.Completion(words)),
                Example.train(words, new Label.Completion(" cd")),
                Example.train("x".repeat(LONGEST), new Label.Completion(" cd")),
                Example.train("x".repeat(LONGEST - 1), new Label.Completion(" cd")),
                Example.train("x".repeat(LONGEST - 1) + "S", new Label.Completion("ay")));
        try (Encoding encoding = encoding(file)) {
            assertThat(encoding.encode(TextObjective.GENERATION, examples))
                    .extracting(EncodedExample::truncation)
                    .containsExactly(
                            Truncation.WHOLE,
                            Truncation.SHORTENED,
                            Truncation.NOTHING,
                            Truncation.NOTHING,
                            Truncation.SHORTENED,
                            Truncation.NOTHING);
            FittedSplit fitted = encoding.fit(TextObjective.GENERATION, examples);
            assertThat(fitted.kept()).containsExactly(0, 1, 4);
            assertThat(fitted.text())
                    .isEqualTo("of 6 examples maxLength 32 shortens 2 and leaves nothing of the completions of 3");
            assertThat(fitted.require("shop/reviews", 0.5)).isSameAs(fitted);
            assertThatThrownBy(() -> fitted.require("shop/reviews", 0.49))
                    .isInstanceOfSatisfying(
                            TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOTHING_TO_LEARN))
                    .hasMessage("shop/reviews: " + fitted.text() + "; tolerated is a share of 0.49");
            FittedSplit none = encoding.fit(TextObjective.GENERATION, examples.subList(2, 4));
            assertThatThrownBy(() -> none.require("shop/reviews", 1)).hasMessageContaining("maxLength 32");
        }
    }

    @Test
    void aClassificationTextThatIsCutCountsAsShortened() {
        Path file = Kind.BYTES_OF_WORDS.write(directory);
        List<Example> examples = List.of(
                Example.train("ab", new Label.ClassIndex(0)), Example.train("ab ".repeat(40), new Label.ClassIndex(1)));
        try (Encoding encoding = encoding(file)) {
            FittedSplit fitted = encoding.fit(HeadObjective.CLASSIFICATION, examples);
            assertThat(fitted.examples()).hasSize(2);
            assertThat(fitted.shortened()).isEqualTo(1);
        }
    }

    @Test
    void aCompletionThatIsPartlyCutKeepsItsPromptWholeAndItsEnd() {
        Path file = Kind.SENTENCE_PIECE_WITH_END.write(directory);
        try (Encoding encoding = encoding(file)) {
            EncodedExample example = encoded(encoding, "Say:", " yes" + " ab".repeat(40));
            int[] ids = example.sequences().get(0).ids();
            assertThat(ids).hasSize(LONGEST).endsWith(2).startsWith(1);
            assertThat(example.truncation()).isEqualTo(Truncation.SHORTENED);
        }
    }
}
