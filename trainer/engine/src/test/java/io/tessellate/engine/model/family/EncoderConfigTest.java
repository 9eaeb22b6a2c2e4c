package io.tessellate.engine.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Path;
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
}
