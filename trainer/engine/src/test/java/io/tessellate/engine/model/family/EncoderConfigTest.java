package io.tessellate.engine.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.backend.Reach;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Configurations as encoders of the Hub have them, written by transformers 4 and 5. */
class EncoderConfigTest {
    private static ModelConfig read(String family, String fields) throws IOException {
        String json = "{" + fields.replace('\'', '"') + "}";
        return Family.of(family)
                .config(new ConfigFields(Path.of("config.json"), "", new ObjectMapper().readTree(json)));
    }

    private static void refused(String family, String fields, String... named) {
        assertThatThrownBy(() -> read(family, fields))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
                .message()
                .contains(named);
    }

    private static final String BASE = "'hidden_size':768,'num_hidden_layers':12,'num_attention_heads':12,"
            + "'intermediate_size':3072,'max_position_embeddings':514,'type_vocab_size':1,'hidden_act':'gelu',"
            + "'layer_norm_eps':1e-05,'bos_token_id':0,'eos_token_id':2,'pad_token_id':1";

    @Test
    void robertasRelativesHavePositionsFromBehindThePaddingTokenOn() throws IOException {
        for (String family : new String[] {"xlm-roberta", "camembert"}) {
            ModelConfig config = read(family, BASE + ",'vocab_size':32005,'position_embedding_type':'absolute'");
            assertThat(config.modelType()).isEqualTo(family);
            assertThat(config.maxPositions()).isEqualTo(512);
            assertThat(config.architecture().positions()).isEqualTo(new Positions.Learned(2));
            assertThat(config.tableRows(new int[] {0, 511})).containsExactly(2, 513);
            assertThat(config.tokenTypes()).isEqualTo(1);
            assertThat(config.padToken()).isEqualTo(1);
            assertThat(config.causal()).isFalse();
        }
        refused("xlm-roberta", BASE + ",'vocab_size':9,'is_decoder':true", "is_decoder must be false");
        refused(
                "camembert",
                BASE + ",'vocab_size':9,'position_embedding_type':'relative_key'",
                "position_embedding_type 'relative_key' is not supported");
    }

    private static final String DEBERTA = "'attention_probs_dropout_prob':0.1,'hidden_act':'gelu','hidden_size':768,"
            + "'intermediate_size':3072,'max_position_embeddings':512,'relative_attention':true,'position_buckets':256,"
            + "'norm_rel_ebd':'layer_norm','share_att_key':true,'pos_att_type':'p2c|c2p','layer_norm_eps':1e-7,"
            + "'max_relative_positions':-1,'position_biased_input':false,'num_attention_heads':12,"
            + "'num_hidden_layers':12,'type_vocab_size':0,'vocab_size':128100";

    @Test
    void debertasThirdVersionKnowsHowFarTokensAreApart() throws IOException {
        ModelConfig config = read("deberta-v2", DEBERTA);
        assertThat(config.architecture().positions()).isEqualTo(new Positions.Disentangled(256, 256, 512));
        assertThat(config.maxPositions()).isEqualTo(512);
        assertThat(config.tokenTypes()).isZero();
        assertThat(config.normEpsilon()).isEqualTo(1e-7f);
        assertThat(config.heads(1, 1, 0).scale()).isEqualTo((float) (1 / Math.sqrt(3 * 64)));
        assertThat(read("deberta-v2", DEBERTA.replace("'p2c|c2p'", "['c2p','p2c']")))
                .isEqualTo(config);
        assertThat(read("deberta-v2", DEBERTA.replace("'position_buckets':256,", ""))
                        .architecture()
                        .positions())
                .isEqualTo(new Positions.Disentangled(512, 0, 512));
    }

    @Test
    void whatElseDebertasAreIsRefusedByName() {
        refused("deberta-v2", DEBERTA + ",'conv_kernel_size':3", "conv_kernel_size 3");
        refused("deberta-v2", DEBERTA + ",'embedding_size':512", "embedding_size 512 must be hidden_size 768");
        refused("deberta-v2", DEBERTA + ",'attention_head_size':32", "attention_head_size 32");
        refused("deberta-v2", DEBERTA.replace("p2c|c2p", "p2c"), "pos_att_type [p2c] must be [p2c, c2p]");
        refused("deberta-v2", DEBERTA.replace("'pos_att_type':'p2c|c2p',", ""), "pos_att_type [] must be");
        refused("deberta-v2", DEBERTA.replace("'share_att_key':true,", ""), "share_att_key must be true");
        refused("deberta-v2", DEBERTA.replace("'relative_attention':true,", ""), "relative_attention must be true");
        refused("deberta-v2", DEBERTA.replace("'position_biased_input':false,", ""), "position_biased_input");
        refused("deberta-v2", DEBERTA.replace("'norm_rel_ebd':'layer_norm',", ""), "norm_rel_ebd 'none'");
        refused("deberta-v2", DEBERTA.replace("'position_buckets':256", "'position_buckets':255"), "buckets 255");
        refused("deberta-v2", DEBERTA.replace("'hidden_act':'gelu'", "'hidden_act':'relu'"), "hidden_act 'relu'");
    }

    /** From transformers 5.24: the distances at which another bucket begins, beyond those with a place of their own. */
    @Test
    void distancesShareBucketsAsInTheOriginal() {
        assertBuckets(new Positions.Disentangled(8, 8, 16), 4, 5, 7, 10);
        assertBuckets(
                new Positions.Disentangled(32, 32, 512),
                16,
                17,
                21,
                26,
                32,
                41,
                51,
                64,
                81,
                102,
                128,
                162,
                203,
                256,
                322,
                406);
        assertBuckets(new Positions.Disentangled(256, 256, 512), 128, V3);
    }

    private static final int[] V3 = Stream.of(
                    ("129 130 131 133 134 136 137 139 140 142 143 145 146 148 150 151 153 155 156 158 "
                                    + "160 161 163 165 167 169 170 172 174 176 178 180 182 184 186 188 190 192 194 196 "
                                    + "198 201 203 205 207 210 212 214 216 219 221 224 226 229 231 234 236 239 241 244 "
                                    + "247 249 252 255 258 260 263 266 269 272 275 278 281 284 287 290 294 297 300 303 "
                                    + "307 310 313 317 320 324 327 331 335 338 342 346 349 353 357 361 365 369 373 377 "
                                    + "381 385 390 394 398 403 407 411 416 420 425 430 434 439 444 449 454 459 464 469 "
                                    + "474 479 484 490 495 500 506")
                            .split(" "))
            .mapToInt(Integer::parseInt)
            .toArray();

    private static void assertBuckets(Positions.Disentangled positions, int alone, int... starts) {
        int length = positions.farthest();
        int[] rows = positions.rows(length);
        int row = positions.span();
        int next = 0;
        for (int distance = 0; distance < length; distance++) {
            if (distance > 0 && distance <= alone) {
                row++;
            } else if (next < starts.length && starts[next] == distance) {
                row++;
                next++;
            }
            assertThat(rows[length - 1 + distance]).as("%d", distance).isEqualTo(row);
            assertThat(rows[length - 1 - distance]).as("%d", -distance).isEqualTo(2 * positions.span() - row);
        }
        assertThat(next).isEqualTo(starts.length);
    }

    private static final String MODERN =
            "'attention_bias':false,'classifier_pooling':'mean','hidden_activation':'gelu',"
                    + "'hidden_size':768,'intermediate_size':1152,'layer_norm_eps':1e-05,'local_attention':128,'mlp_bias':false,"
                    + "'max_position_embeddings':8192,'norm_bias':false,'norm_eps':1e-05,'num_attention_heads':12,"
                    + "'num_hidden_layers':5,'pad_token_id':50283,'position_embedding_type':'absolute','vocab_size':50368";
    private static final String OLDER =
            MODERN + ",'global_attn_every_n_layers':3,'global_rope_theta':160000.0,'local_rope_theta':10000.0";
    private static final String NEWER = MODERN
            + ",'layer_types':['full_attention','sliding_attention','sliding_attention','full_attention',"
            + "'sliding_attention'],'rope_parameters':{'full_attention':{'rope_type':'default','rope_theta':160000.0},"
            + "'sliding_attention':{'rope_type':'default','rope_theta':10000.0}}";

    @Test
    void modernBertIsTheSameAsTransformers4And5WriteIt() throws IOException {
        ModelConfig config = read("modernbert", OLDER);
        assertThat(read("modernbert", NEWER)).isEqualTo(config);
        assertThat(read("modernbert", MODERN)).isEqualTo(config);
        Architecture architecture = config.architecture();
        assertThat(architecture.attention().windows()).containsExactly(0, 65, 65, 0, 65);
        assertThat(architecture.attention().reach(1)).isEqualTo(Reach.around(65));
        assertThat(architecture.attention().reach(1).first(100)).isEqualTo(36);
        assertThat(architecture.attention().reach(1).end(100, 200)).isEqualTo(165);
        assertThat(architecture.attention().reach(3)).isEqualTo(Reach.ALL);
        assertThat(architecture.normalisation()).isEqualTo(Architecture.Normalisation.GAIN_EMBEDDED);
        Positions.Rotary rotary = (Positions.Rotary) architecture.positions();
        assertThat(rotary.kinds()).extracting(Positions.Rotary::theta).containsExactly(160_000.0, 10_000.0);
        assertThat(config.maxPositions()).isEqualTo(8192);
        assertThat(architecture.biases()).isEqualTo(Architecture.Biases.NONE);
    }

    @Test
    void modernBertsBiasesAndThetasAreRead() throws IOException {
        ModelConfig config = read(
                "modernbert",
                OLDER.replace("_bias':false", "_bias':true")
                        .replace("'local_rope_theta':10000.0", "'local_rope_theta':null"));
        assertThat(config.architecture().biases()).isEqualTo(Architecture.Biases.ALL);
        assertThat(config.architecture().normalisation()).isEqualTo(Architecture.Normalisation.LAYER_EMBEDDED);
        assertThat(((Positions.Rotary) config.architecture().positions()).kinds())
                .extracting(Positions.Rotary::theta)
                .containsExactly(160_000.0, 160_000.0);
    }

    @Test
    void whatElseModernBertsAreIsRefusedByName() {
        refused("modernbert", OLDER.replace("'gelu'", "'relu'"), "hidden_activation 'relu'");
        refused("modernbert", OLDER + ",'rope_scaling':{'rope_type':'linear','factor':2}", "rope_scaling", "linear");
        refused("modernbert", NEWER.replace("'default','rope_theta':16", "'yarn','rope_theta':16"), "rope_type 'yarn'");
        refused("modernbert", NEWER.replace("['full_attention'", "['chunked_attention'"), "'chunked_attention'");
        refused("modernbert", NEWER.replace("['full_attention',", "["), "5 layers cannot have 4 attention types");
        refused("modernbert", OLDER.replace("n_layers':3", "n_layers':0"), "global_attn_every_n_layers", "not 0");
        refused("modernbert", OLDER.replace("'local_attention':128", "'local_attention':-1"), "local_attention", "-1");
    }
}
