package io.tessellate.engine.model.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tessellate.engine.model.config.Positions;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way in which files have described rotary embeddings. The frequencies are those of transformers 5.24. */
class RotaryFieldsTest {
    private static Positions.Rotary read(String fields) throws IOException {
        String json = fields.replace('\'', '"');
        return RotaryFields.of(new ConfigFields(Path.of("config.json"), "", new ObjectMapper().readTree(json)))
                .read(8);
    }

    private static void assertFrequencies(String fields, double... expected) throws IOException {
        List<Float> frequencies = read(fields).frequencies(8);
        assertThat(frequencies).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) frequencies.get(i))
                    .as("%s, frequency %d", fields, i)
                    .isCloseTo(expected[i], within(2 * Math.ulp((float) expected[i]) + 0.0));
        }
    }

    @Test
    void thetaIsReadFromWhereverItStands() throws IOException {
        double[] half = {1.0, 0.03760603070259094, 0.001414213445968926, 5.3182957344688475e-05};
        assertFrequencies("{'rope_theta':500000.0,'rope_scaling':null}", half);
        assertFrequencies("{'rope_theta':500000.0,'rope_parameters':{'rope_type':'default'}}", half);
        assertFrequencies("{'rope_parameters':{'rope_type':'default','rope_theta':500000.0}}", half);
        assertFrequencies("{'rope_theta':2e4,'rope_parameters':{'rope_type':'default','rope_theta':500000}}", half);
        assertFrequencies("{'rope_theta':2e4,'rope_scaling':{'rope_type':'default','rope_theta':500000}}", half);
        assertFrequencies("{}", 1.0, 0.10000000149011612, 0.009999999776482582, 0.0010000000474974513);
    }

    @Test
    void ofTwoDescriptionsTheOlderOneCountsUnlessItIsEmpty() throws IOException {
        assertFrequencies(
                "{'rope_theta':10000.0,'rope_scaling':{'rope_type':'linear','factor':4.0},"
                        + "'rope_parameters':{'rope_theta':500000.0,'rope_type':'default'}}",
                0.25,
                0.02500000037252903,
                0.0024999999441206455,
                0.0002500000118743628);
        assertFrequencies(
                "{'rope_theta':10000.0,'rope_scaling':{},"
                        + "'rope_parameters':{'rope_theta':500000.0,'rope_type':'linear','factor':2}}",
                0.5,
                0.01880301535129547,
                0.000707106722984463,
                2.6591478672344238e-05);
    }

    @Test
    void theNewNameOfTheTypeCountsBeforeTheOldOne() throws IOException {
        assertFrequencies(
                "{'rope_scaling':{'type':'linear','rope_type':'default','factor':4.0}}",
                1.0,
                0.10000000149011612,
                0.009999999776482582,
                0.0010000000474974513);
        assertFrequencies(
                "{'rope_theta':20000.0,'rope_scaling':{'type':'linear','factor':4.0}}",
                0.25,
                0.021022411063313484,
                0.0017677670111879706,
                0.00014865088451188058);
    }

    @Test
    void dynamicScalingLeavesSequencesThatTheModelKnowsAsTheyAre() throws IOException {
        assertFrequencies(
                "{'rope_theta':10000.0,'rope_scaling':{'type':'dynamic','factor':4.0}}",
                1.0,
                0.10000000149011612,
                0.009999999776482582,
                0.0010000000474974513);
    }

    @Test
    void llama3TakesItsFirstLengthFromBesideTheObjectBeforeWithin() throws IOException {
        String scaling = "'rope_scaling':{'rope_type':'llama3','factor':8.0,'low_freq_factor':1.0,"
                + "'high_freq_factor':4.0,'original_max_position_embeddings':16}";
        assertFrequencies(
                "{'rope_theta':100.0,%s}".formatted(scaling),
                0.5760563611984253,
                0.03952847048640251,
                0.012500000186264515,
                0.0039528473280370235);
        assertFrequencies(
                "{'rope_theta':100.0,'original_max_position_embeddings':32,%s}".formatted(scaling),
                1.0,
                0.0958399772644043,
                0.012500000186264515,
                0.0039528473280370235);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {'rope_scaling':{'type':'linear'}} | rope_scaling.factor is missing
                    {'rope_parameters':{'rope_type':'linear'}} | rope_parameters.factor is missing
                    {'rope_scaling':{'type':'dynamic'}} | rope_scaling.factor is missing
                    {'rope_scaling':{'type':'linear','factor':'4'}} | rope_scaling.factor must be a number above 0, not "4"
                    {'rope_scaling':{'type':'linear','factor':0}} | rope_scaling.factor must be a number above 0, not 0
                    {'rope_scaling':{'type':'llama3','low_freq_factor':1,'high_freq_factor':4,'original_max_position_embeddings':8}} | rope_scaling.factor is missing
                    {'rope_scaling':{'type':'llama3','factor':8,'high_freq_factor':4,'original_max_position_embeddings':8}} | rope_scaling.low_freq_factor is missing
                    {'rope_scaling':{'type':'llama3','factor':8,'low_freq_factor':1,'original_max_position_embeddings':8}} | rope_scaling.high_freq_factor is missing
                    {'rope_scaling':{'type':'llama3','factor':8,'low_freq_factor':1,'high_freq_factor':4}} | rope_scaling.original_max_position_embeddings is missing
                    {'rope_scaling':{'type':'llama3','factor':8,'low_freq_factor':4,'high_freq_factor':4,'original_max_position_embeddings':8}} | must be greater than low_freq_factor
                    {'rope_scaling':{'rope_type':'yarn','factor':4.0}} | rope_scaling.rope_type 'yarn' is not supported
                    {'rope_parameters':{'rope_type':'longrope'}} | rope_parameters.rope_type 'longrope' is not supported
                    {'rope_parameters':{'full_attention':{'rope_theta':1e6}}} | differ from layer to layer ('full_attention')
                    {'partial_rotary_factor':0.5} | partial_rotary_factor must be 1
                    {'rope_parameters':{'partial_rotary_factor':0.5}} | rope_parameters.partial_rotary_factor must be 1
                    {'rope_theta':0} | rope_theta must be a number above 0
                    {'rope_theta':'1e4'} | rope_theta must be a number above 0
                    {'rope_scaling':'linear'} | rope_scaling must be an object
                    """)
    void aNumberThatIsMissingOrATypeThatIsUnknownIsNamed(String fields, String named) {
        assertThatThrownBy(() -> read(fields))
                .isInstanceOfSatisfying(
                        TessellateException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_MODEL))
                .hasMessageContaining(named);
    }
}
