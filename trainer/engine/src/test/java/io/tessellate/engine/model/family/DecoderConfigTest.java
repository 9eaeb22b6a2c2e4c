package io.tessellate.engine.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Reach;
import io.tessellate.engine.model.config.Activation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as decoders of the Hub have them, written by transformers 4 and 5; numbers are those of transformers 5.24. */
class DecoderConfigTest {
    private static final String BASE =
            "'vocab_size':32064,'hidden_size':32,'num_hidden_layers':4,'num_attention_heads':4,"
                    + "'intermediate_size':44,'max_position_embeddings':131072,'pad_token_id':0";

    private static ModelConfig read(String family, String fields) throws IOException {
        String json = "{%s,%s}".formatted(BASE, fields).replace('\'', '"');
        return Family.of(family)
                .config(new ConfigFields(Path.of("config.json"), "", new ObjectMapper().readTree(json)));
    }

    private static List<Reach> reaches(ModelConfig config) {
        return List.of(0, 1, 2, 3).stream()
                .map(config.architecture().attention()::reach)
                .toList();
    }

    private static void assertFrequencies(Positions.Rotary rotary, int width, double... expected) {
        List<Float> frequencies = rotary.frequencies(width);
        assertThat(frequencies).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) frequencies.get(i)).isCloseTo(expected[i], within(2.0 * Math.ulp((float) expected[i])));
        }
    }

    private static Positions.Rotary rotary(ModelConfig config) {
        return (Positions.Rotary) config.architecture().positions();
    }

    @Test
    void mistralSeesAWindowUnlessTheFileSaysNull() throws IOException {
        Reach window = Reach.window(4096);
        assertThat(reaches(read("mistral", "'sliding_window':4096,'num_key_value_heads':2")))
                .containsExactly(window, window, window, window);
        assertThat(reaches(read("mistral", "'num_key_value_heads':2"))).containsOnly(window);
        ModelConfig third =
                read("mistral", "'sliding_window':null,'num_key_value_heads':1,'head_dim':16,'rope_theta':1e6");
        assertThat(reaches(third)).containsOnly(Reach.CAUSAL);
        assertThat(third.contextColumns()).isEqualTo(64);
        assertThat(third.projectionColumns()).isEqualTo(96);
        assertThat(rotary(third).theta()).isEqualTo(1e6);
        assertThat(third.architecture().biases()).isEqualTo(Architecture.Biases.NONE);
        assertThat(third.architecture().output()).isEqualTo(Architecture.Output.OWN);
    }

    @Test
    void qwensUpperLayersSeeAWindowIfTheFileSaysSo() throws IOException {
        String fields = "'num_key_value_heads':2,'sliding_window':32,'max_window_layers':3";
        for (String family : List.of("qwen2", "qwen3")) {
            assertThat(reaches(read(family, fields + ",'use_sliding_window':false")))
                    .containsOnly(Reach.CAUSAL);
            assertThat(reaches(read(family, fields + ",'use_sliding_window':true")))
                    .containsExactly(Reach.CAUSAL, Reach.CAUSAL, Reach.CAUSAL, Reach.window(32));
            String types = ",'layer_types':['full_attention','sliding_attention','full_attention','full_attention']";
            ModelConfig listed = read(family, fields + ",'use_sliding_window':true" + types);
            assertThat(reaches(listed).get(1)).isEqualTo(Reach.window(32));
            assertThat(reaches(listed).get(3).window()).isZero();
        }
        ModelConfig second = read("qwen2", "'num_key_value_heads':2,'tie_word_embeddings':true");
        assertThat(second.architecture().biases()).isEqualTo(new Architecture.Biases(true, false, false));
        assertThat(second.architecture().attention().normed()).isFalse();
        assertThat(second.headWidth()).isEqualTo(8);
        assertThat(second.architecture().output()).isEqualTo(Architecture.Output.TIED);
        ModelConfig third = read("qwen3", "'num_key_value_heads':2");
        assertThat(third.architecture().biases()).isEqualTo(Architecture.Biases.NONE);
        assertThat(third.architecture().attention().normed()).isTrue();
        assertThat(third.headWidth()).isEqualTo(128);
        assertThat(read("qwen3", "'num_key_value_heads':2,'head_dim':16,'attention_bias':true")
                        .architecture()
                        .biases())
                .isEqualTo(new Architecture.Biases(true, true, false));
    }

    private static final String LONG = "'rope_scaling':{'type':'%s','short_factor':[1.05,1.25,2.0],"
            + "'long_factor':[2.0,4.0,8.0]},'original_max_position_embeddings':4096,'rope_theta':10000.0,"
            + "'partial_rotary_factor':0.75";

    @Test
    void phi3IsStretchedBySequencesOfItsFirstLengthAndByLongerOnes() throws IOException {
        for (String type : List.of("longrope", "su")) {
            ModelConfig config = read("phi3", LONG.formatted(type));
            assertThat(config.maxPositions()).isEqualTo(131_072);
            assertThat(rotary(config).lastingTo()).isEqualTo(4096);
            assertThat(rotary(config).longFrequencies(8).get(0)).isEqualTo(0.5f);
            assertFrequencies(rotary(config), 8, 0.9523810148239136, 0.03713270649313927, 0.001077217166312039);
            assertThat((double) rotary(config).scaling().magnitude()).isCloseTo(1.1902380714238083, within(1e-7));
            assertThat(config.architecture().storage()).isEqualTo(Architecture.Storage.FUSED);
        }
        ModelConfig plain = read("phi3", "'sliding_window':2047,'rope_scaling':null");
        assertThat(plain.maxPositions()).isEqualTo(131_072);
        assertThat(reaches(plain)).containsOnly(Reach.window(2047));
        assertThat(rotary(plain).columns(8)).isEqualTo(8);
        assertThat(plain.architecture().attention().keyValueHeads()).isEqualTo(4);
        assertThat(reaches(read("phi3", "'sliding_window':null"))).containsOnly(Reach.CAUSAL);
    }

    @Test
    void gptNeoxTurnsAQuarterOfItsHeads() throws IOException {
        String old = "'rotary_pct':0.25,'rotary_emb_base':100,'use_parallel_residual':true,'layer_norm_eps':1e-5";
        String written = "'rope_parameters':{'partial_rotary_factor':0.25,'rope_theta':100,'rope_type':'default'}";
        for (String fields : List.of(old, written)) {
            ModelConfig config = read("gpt_neox", fields);
            assertFrequencies(rotary(config), 16, 1, 0.1);
            assertThat(config.architecture().normalisation()).isEqualTo(Architecture.Normalisation.LAYER_PARALLEL);
            assertThat(config.architecture().attention().order()).isEqualTo(HeadShape.Order.BY_HEAD);
            assertThat(config.architecture().activation()).isEqualTo(Activation.GELU);
            assertThat(config.architecture().biases()).isEqualTo(Architecture.Biases.ALL);
        }
        ModelConfig other = read("gpt_neox", "'use_parallel_residual':false,'attention_bias':false,'rotary_pct':1.0");
        assertThat(other.architecture().normalisation()).isEqualTo(Architecture.Normalisation.LAYER_BEFORE);
        assertThat(other.architecture().biases()).isEqualTo(new Architecture.Biases(false, false, true));
        assertThat(rotary(other).columns(8)).isEqualTo(8);
    }

    @Test
    void gemma2CapsWhatTheFileDoesNotSayIsNull() throws IOException {
        String fields = "'head_dim':256,'num_key_value_heads':2,'query_pre_attn_scalar':224,'sliding_window':4096";
        ModelConfig config = read("gemma2", fields);
        Architecture.Attention attention = config.architecture().attention();
        assertThat(attention.softCap()).isEqualTo(50);
        assertThat(attention.scale()).isEqualTo(1 / Math.sqrt(224));
        assertThat(reaches(config)).containsExactly(Reach.window(4096), Reach.CAUSAL, Reach.window(4096), Reach.CAUSAL);
        assertThat(config.architecture().vocabulary().logitCap()).isEqualTo(30);
        assertThat(config.architecture().vocabulary().embeddingScale()).isEqualTo((float) Math.sqrt(32));
        assertThat(config.architecture().activation()).isEqualTo(Activation.TANH_GELU_GATE);
        ModelConfig bare = read("gemma2", fields + ",'attn_logit_softcapping':null,'final_logit_softcapping':null");
        assertThat(bare.architecture().attention().softCap()).isZero();
        assertThat(bare.architecture().vocabulary().logitCap()).isZero();
    }

    @Test
    void gemma3TurnsOtherwiseInLayersWithAWindow() throws IOException {
        String common = "'head_dim':8,'num_key_value_heads':1,'query_pre_attn_scalar':256,'sliding_window':512,";
        String old = "'rope_theta':1000000.0,'rope_local_base_freq':10000.0,'sliding_window_pattern':3,"
                + "'rope_scaling':{'factor':8.0,'rope_type':'linear'}";
        String written = "'_sliding_window_pattern':6,'layer_types':['sliding_attention','sliding_attention',"
                + "'full_attention','sliding_attention'],'rope_parameters':{'full_attention':{'factor':8.0,"
                + "'rope_theta':1000000.0,'rope_type':'linear'},'sliding_attention':{'rope_theta':10000.0,"
                + "'rope_type':'default'}}";
        for (String fields : List.of(old, written)) {
            ModelConfig config = read("gemma3_text", common + fields);
            assertThat(reaches(config).stream().map(Reach::window)).containsExactly(512, 512, 0, 512);
            assertFrequencies(
                    rotary(config), 8, 0.125, 0.0039528473280370235, 0.0001250000059371814, 3.9528467823402025e-06);
            assertFrequencies(
                    rotary(config).windowed().orElseThrow(),
                    8,
                    1,
                    0.10000000149011612,
                    0.009999999776482582,
                    0.0010000000474974513);
            assertThat(config.architecture().attention().normed()).isTrue();
            assertThat(config.architecture().attention().softCap()).isZero();
            assertThat(config.architecture().vocabulary().logitCap()).isZero();
        }
        assertThat(rotary(read("gemma3_text", "'num_key_value_heads':1")).theta())
                .isEqualTo(1e6);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    mistral | {'sliding_window':0} | sliding_window must be a number above 0, not 0
                    mistral | {'sliding_window':4,'layer_types':['full_attention','full_attention','sliding_attention','full_attention']} | all layers see as far
                    mistral | {'hidden_act':'relu'} | hidden_act 'relu' is not supported; known are [silu
                    mistral | {'head_dim':7,'num_key_value_heads':2} | head_dim must be even for rotary embeddings, not 7
                    mistral | {'num_key_value_heads':3} | num_key_value_heads 3 must divide num_attention_heads 4
                    mistral | {'rope_scaling':{'rope_type':'yarn','factor':4.0}} | rope_scaling.rope_type 'yarn' is not supported
                    qwen2 | {'layer_types':['full_attention','chunked_attention','full_attention','full_attention']} | layer_types 'chunked_attention' is not supported
                    qwen2 | {'layer_types':['full_attention']} | layer_types has 1 entries, num_hidden_layers is 4
                    qwen3 | {'layer_types':['full_attention','sliding_attention','full_attention','full_attention']} | layer_types has sliding_attention, but no sliding_window says how far it reaches
                    phi3 | {'rope_scaling':{'type':'linear','factor':2}} | rope_scaling.rope_type 'linear' is not supported; known are default, longrope
                    phi3 | {'rope_scaling':{'type':'longrope','short_factor':[1.0],'long_factor':[1.0]}} | rope_scaling.short_factor has 1 numbers, not one for each of 4 pairs
                    phi3 | {'rope_scaling':{'type':'longrope','short_factor':[1,1,1,1],'long_factor':[1,1,0,1]}} | rope_scaling.long_factor must be numbers above 0, not 0
                    phi3 | {'partial_rotary_factor':1.5} | partial_rotary_factor 1.5 must not be greater than 1
                    phi3 | {'partial_rotary_factor':0.4} | head_dim must be even for rotary embeddings, not 8, of which 3 columns turn
                    gpt_neox | {'partial_rotary_factor':0.5,'rotary_pct':0.25} | partial_rotary_factor 0.5 and rotary_pct 0.25 say different things
                    gpt_neox | {'hidden_act':'silu'} | hidden_act 'silu' is not supported
                    gemma2 | {'use_bidirectional_attention':true} | use_bidirectional_attention must be false
                    gemma2 | {'query_pre_attn_scalar':0} | query_pre_attn_scalar must be a number above 0, not 0
                    gemma2 | {'attn_logit_softcapping':-1} | attn_logit_softcapping must be a number above 0, not -1
                    gemma3_text | {'attn_logit_softcapping':50} | attn_logit_softcapping must be null: Gemma 3 caps no scores
                    gemma3_text | {'sliding_window_pattern':0} | sliding_window_pattern must be positive, not 0
                    gemma3_text | {'rope_parameters':{'rope_theta':1e4}} | rope_parameters must have an object for full_attention and one for sliding_attention
                    gemma3_text | {'rope_parameters':{'full_attention':{'rope_type':'yarn'}}} | rope_parameters.full_attention.rope_type 'yarn' is not supported
                    """)
    void whatIsNotReadIsRefusedByName(String family, String fields, String named) {
        assertThatThrownBy(() -> read(family, fields.substring(1, fields.length() - 1)))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
                .hasMessageContaining(named);
    }
}
