package io.tessellate.engine.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.batch.Batch;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.JsonFile;
import io.tessellate.engine.model.text.LanguageModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.safetensors.DType;
import io.tessellate.safetensors.SafetensorsFile;
import io.tessellate.safetensors.Shape;
import io.tessellate.safetensors.TensorSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders whose files say one thing about their head and hold another. */
class OutputHeadTest {
    private static final Map<String, String> WORDS = Map.of(
            "llama", "model.embed_tokens.weight",
            "gpt2", "transformer.wte.weight",
            "gpt_neo", "transformer.wte.weight",
            "opt", "model.decoder.embed_tokens.weight");
    private static final String HEAD = "lm_head.weight";
    private static final String FLAG = "tie_word_embeddings";

    private final Backend backend = Backends.open(Backends.HOST);

    @TempDir
    Path directory;

    /** The embeddings times a factor. */
    private TensorSource head(String family, DType type, float factor) throws Exception {
        Path copy = Files.createTempDirectory(directory, "copy");
        StoredModel.copy(family, copy).write(1);
        try (SafetensorsFile file = SafetensorsFile.open(copy.resolve("model.safetensors"))) {
            float[] values = file.read(WORDS.get(family));
            Shape shape = file.info(WORDS.get(family)).shape();
            for (int i = 0; i < values.length; i++) {
                values[i] *= factor;
            }
            return TensorSource.floats(HEAD, type, shape, () -> values);
        }
    }

    private StoredModel model(String family, String name) throws Exception {
        return StoredModel.copy(family, Files.createDirectory(directory.resolve(name)))
                .without(HEAD);
    }

    private float[] logits(Path model) {
        BaseModel base = BaseModel.load(model);
        TokenSequence text = new TokenSequence(new int[] {3, 1, 4, 1, 5}, new int[5]);
        try (Weights weights = base.weights(backend);
                LanguageModel language = new LanguageModel(backend, base.config())) {
            return language.nextTokenLogits(weights, Batch.of(List.of(text), base.config()));
        }
    }

    @ParameterizedTest
    @CsvSource({"llama,1", "llama,3", "gpt2,1", "gpt2,2", "gpt_neo,1", "gpt_neo,2", "opt,1", "opt,2"})
    void aHeadOfItsOwnPredictsTheTokensThoughTheFlagSaysTheEmbeddingsDo(String family, int files) throws Exception {
        TensorSource head = head(family, DType.F32, 1.5f);
        StoredModel wrong = model(family, "wrong")
                .with(head)
                .config(json -> json.put(FLAG, true))
                .write(files);
        StoredModel right = model(family, "right")
                .with(head)
                .config(json -> json.put(FLAG, false))
                .write(1);
        StoredModel tied =
                model(family, "tied").config(json -> json.put(FLAG, true)).write(1);

        assertThat(logits(wrong.directory()))
                .isEqualTo(logits(right.directory()))
                .isNotEqualTo(logits(tied.directory()));
        assertThat(BaseModel.load(wrong.directory()).remarks())
                .singleElement()
                .asString()
                .contains("lm_head.weight differs from " + WORDS.get(family), "tie_word_embeddings");
        assertThat(BaseModel.load(right.directory()).remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2", "gpt_neo", "opt"})
    void aHeadThatIsTheEmbeddingsAgainIsTied(String family) throws Exception {
        StoredModel both = model(family, "both")
                .with(head(family, DType.F32, 1))
                .config(json -> json.put(FLAG, true))
                .write(2);
        StoredModel one =
                model(family, "one").config(json -> json.put(FLAG, true)).write(1);
        BaseModel base = BaseModel.load(both.directory());
        assertThat(base.config()).isEqualTo(BaseModel.load(one.directory()).config());
        assertThat(base.ignored()).contains(HEAD);
        assertThat(logits(both.directory())).isEqualTo(logits(one.directory()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2", "gpt_neo", "opt"})
    void aModelThatSaysItHasAHeadAndHasNoneIsRefused(String family) throws Exception {
        StoredModel model =
                model(family, "headless").config(json -> json.put(FLAG, false)).write(1);
        assertThatThrownBy(() -> BaseModel.load(model.directory()))
                .hasMessageContaining("holds no tensor 'lm_head.weight'")
                .hasMessageContaining("tie_word_embeddings must be true");
    }

    @Test
    void aFlagThatIsNotThereMeansAHeadForLlamaAndNoneForTheOthers() throws Exception {
        StoredModel llama =
                model("llama", "llama").config(json -> json.remove(FLAG)).write(1);
        assertThatThrownBy(() -> BaseModel.load(llama.directory()))
                .hasMessageContaining("holds no tensor 'lm_head.weight'");
        StoredModel opt = model("opt", "opt").config(json -> json.remove(FLAG)).write(1);
        assertThat(BaseModel.load(opt.directory()).config().architecture().output())
                .isEqualTo(Architecture.Output.TIED);
    }

    @Test
    void aHeadForAnotherNumberOfTokensIsRefused() throws Exception {
        StoredModel model = model("gpt2", "short")
                .with(TensorSource.floats(HEAD, Shape.of(60, 32), new float[60 * 32]))
                .write(1);
        assertThatThrownBy(() -> BaseModel.load(model.directory()))
                .hasMessageContaining("'lm_head.weight' has shape [60, 32]")
                .hasMessageContaining("[61, 32]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2", "gpt_neo", "opt"})
    void anExportSaysThatTheHeadIsItsOwn(String family) throws Exception {
        StoredModel model = model(family, "model")
                .with(head(family, DType.F32, 1.5f))
                .config(json -> json.put(FLAG, true))
                .write(2);
        BaseModel base = BaseModel.load(model.directory());
        Path exported = directory.resolve("exported");
        try (Weights weights = base.weights(backend)) {
            new ModelExport(base, ModelExport.Precision.ORIGINAL).write(weights, exported);
        }
        assertThat(JsonFile.object(exported.resolve("config.json")).path(FLAG).asBoolean(true))
                .isFalse();
        assertThat(logits(exported)).isEqualTo(logits(model.directory()));
    }
}
