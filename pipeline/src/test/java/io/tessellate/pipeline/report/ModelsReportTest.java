package io.tessellate.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.Lineage;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.lineage.log.TensorSpectrum;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.mask.spectrum.SpectralCertificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelsReportTest {
    private static final ModelName MODEL = new ModelName("glue");
    private static final Sha256 BASE = Sha256.of(new byte[] {1});
    private static final String DIGEST = BASE.hex();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Lineage lineage = new Lineage();

    @BeforeEach
    void oneVersionAndAPark() {
        apply(new RegistryEvent.ModelRegistered(
                BASE,
                List.of(new StoredFile("model.safetensors", BASE, 1)),
                new ParameterSpace(List.of(new EligibleTensor("layer.weight", 4, 4))),
                Ownership.EXCLUSIVE,
                0.05));
        TaskName task = new TaskName("sst2");
        apply(new RegistryEvent.AdapterCommitted(
                task,
                new RunId("run-1"),
                1,
                1,
                new StoredFile("adapter", BASE, 1),
                "expander",
                4,
                0,
                "{}",
                BASE,
                List.of(),
                List.of(new TensorSpectrum(4, 4, 1, new SpectralCertificate(2, 1, 1.5, 1, 3, 2, 2, 0, 1))),
                List.of(),
                Optional.empty(),
                List.of()));
        apply(new RegistryEvent.VersionPromoted(1, "first"));
        apply(new RegistryEvent.ModelParked(ErrorCode.BLOB_DAMAGED, "it is gone", task, 1, "/blobs/ab/cd"));
    }

    @Test
    void aListedModelIsPrintedFieldByFieldInThisOrder() throws JsonProcessingException {
        assertThat(JSON.writeValueAsString(new ModelsReport(lineage.models()).json()))
                .isEqualTo(("[{'model':'glue','baseDigest':'" + DIGEST
                                + "','ownership':'exclusive','forgettingBudget':0.05,'rules':{'failedVersions':'keep','significance':null,"
                                + "'taskBudgets':{},'promoteUnmeasured':false},'version':1,'champion':1,'quarantined':[],'eligible':16,"
                                + "'free':12,'tasks':['sst2'],'parked':{'code':'BLOB_DAMAGED','reason':'it is gone',"
                                + "'task':'sst2','version':1,'path':'/blobs/ab/cd','since':'2026-11-20T12:00:04Z'}}]")
                        .replace('\'', '"'));
    }

    @Test
    void aModelWithoutAChampionThatGoesOnHasNulls() throws JsonProcessingException {
        Lineage fresh = new Lineage();
        fresh.apply(logged(1, base()));

        assertThat(JSON.writeValueAsString(new ModelsReport(fresh.models()).json()))
                .contains("\"champion\":null", "\"tasks\":[],\"parked\":null");
    }

    @Test
    void aTableNamesTheBaseByItsFirstTwelveDigits() {
        assertThat(new ModelsReport(lineage.models()).text())
                .contains("glue", "exclusive", DIGEST.substring(0, 12))
                .endsWith("glue is parked since 2026-11-20T12:00:04Z: it is gone [BLOB_DAMAGED]\n");
    }

    @Test
    void masksArePrintedFieldByFieldInThisOrder() throws JsonProcessingException {
        ModelLine line = lineage.require(MODEL);

        assertThat(JSON.writeValueAsString(new MasksReport(line).json()))
                .isEqualTo(
                        ("{'model':'glue','eligible':16,'free':12,'overlap':0,'tasks':[{'task':'sst2','method':'expander',"
                                        + "'owned':4,'density':0.25,'version':1,'overlap':0,'spectra':[{'rows':4,'columns':4,"
                                        + "'tensors':1,'gap':0.5,'bound':1.5,'ratio':0.6666666666666666,'sigma1':2.0,'sigma2':1.0,"
                                        + "'minDegree':1,'maxDegree':3,'isolated':1}]}]}")
                                .replace('\'', '"'));
        assertThat(new MasksReport(line).text()).contains("1 of 4 x 4", "1-3", "0.667");
    }

    private RegistryEvent base() {
        return new RegistryEvent.ModelRegistered(
                BASE,
                List.of(),
                new ParameterSpace(List.of(new EligibleTensor("layer.weight", 4, 4))),
                Ownership.SHARED,
                0.05);
    }

    private void apply(RegistryEvent event) {
        lineage.apply(logged(lineage.sequence(MODEL) + 1, event));
    }

    private static LoggedEvent logged(long sequence, RegistryEvent event) {
        return new LoggedEvent(
                MODEL, sequence, null, Instant.parse("2026-11-20T12:00:00Z").plusSeconds(sequence), event);
    }
}
