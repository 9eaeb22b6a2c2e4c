package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.fixture.TinyBase;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.id.RunId;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskId;
import io.tessellate.mask.EligibleTensor;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.adapter.AdapterMetadata;
import io.tessellate.mask.adapter.HeadTensor;
import io.tessellate.mask.adapter.TensorUpdate;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.safetensors.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merging of adapter files, which needs no stack. */
class MergeCommandTest {
    @TempDir
    private Path directory;

    private Path base;
    private EligibleTensor tensor;

    @BeforeEach
    void writeBase() throws IOException {
        base = TinyBase.write(directory.resolve("base"));
        tensor = BaseModel.load(base).layout().eligible().tensor(0);
        adapter("one", BaseModel.load(base).digest(), 0, 1, 2);
        adapter("two", BaseModel.load(base).digest(), 2, 3);
        adapter("apart", BaseModel.load(base).digest(), 7, 8);
        adapter("foreign", Sha256.of(new byte[] {1}), 7);
    }

    /** Sets entries to 5, which is above any of the base's. */
    private void adapter(String task, Sha256 baseDigest, int... entries) {
        float[] values = new float[entries.length];
        Arrays.fill(values, 5);
        Shape shape = Shape.of(tensor.rows(), tensor.columns());
        AdapterFile.write(
                file(task),
                new Adapter(
                        new AdapterMetadata(
                                baseDigest,
                                VersionDigest.base(baseDigest),
                                TaskId.of("m", task),
                                "lota",
                                new RunId("run-1"),
                                "{}"),
                        List.of(TensorUpdate.listed(tensor.name(), shape, entries, values)),
                        List.of(
                                new HeadTensor("weight", Shape.of(2, 32), new float[64]),
                                new HeadTensor("bias", Shape.of(2), new float[2]))));
    }

    private Path file(String task) {
        return directory.resolve(task + ".safetensors");
    }

    private Answer merge(String tasks, String... more) {
        List<String> from = List.of(tasks.split(" ")).stream()
                .map(task -> file(task).toString())
                .toList();
        List<String> arguments = new ArrayList<>(List.of("merge", "--from", String.join(",", from)));
        arguments.addAll(List.of("--out", directory.resolve("out").toString(), "--base", base.toString()));
        arguments.addAll(List.of(more));
        return RunningTestStack.run(directory.resolve("data"), arguments.toArray(String[]::new));
    }

    @Test
    void filesMergeToADirectoryWithEveryHeadAndAReport() {
        Answer answer = merge("one two", "--method", "ties", "--keep", "1", "--scale", "0.5", "--output", "json");
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.json().path("tasks").get(1).path("owned").asLong()).isEqualTo(2);
        assertThat(answer.json().path("pairs").get(0).path("shared").asLong()).isEqualTo(1);
        assertThat(answer.json().path("shared").asLong()).isEqualTo(1);
        assertThat(answer.json().path("opposed").asLong()).isZero();
        assertThat(answer.json().path("changed").asLong()).isEqualTo(4);
        BaseModel merged = BaseModel.load(directory.resolve("out"));
        assertThat(answer.json().path("sha256").asText())
                .isEqualTo(merged.digest().hex());
        float[] before = values(BaseModel.load(base));
        float[] after = values(merged);
        assertThat(after[2]).isEqualTo(before[2] + 0.5f * (5 - before[2]));
        assertThat(after[4]).isEqualTo(before[4]);
        assertThat(directory.resolve("out/heads/m.one.safetensors")).isRegularFile();
        assertThat(directory.resolve("out/heads/m.two.safetensors")).isRegularFile();
    }

    private float[] values(BaseModel model) {
        try (Weights weights = model.weights(Backends.open(Backends.HOST))) {
            return weights.get(tensor.name());
        }
    }

    @Test
    void disjointFilesAreUnitedBitByBit() {
        Answer answer = merge("one apart", "--method", "union");
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.out())
                .contains("0 weights set by several tasks, 0 of them with opposite signs")
                .contains("merged by union, 5 weights changed");
        assertThat(values(BaseModel.load(directory.resolve("out")))[8]).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one two|--method union|1 weights are set by more than one adapter",
                "one|--method ties|--from must name at least two different adapters",
                "one one|--method ties|--from must name at least two different adapters",
                "one foreign|--method ties|the adapter of m/foreign was trained on base",
                "one two|--method arithmetic --keep 0.2|only ties trims",
                "one two|--method arithmetic --trim-scope tensor|only ties trims",
                "one two|--method union --scale 2|scale must be 1, not 2.0",
                "one two|--method ties --keep 2|merge keep must be above 0 and at most 1: 2.0",
                "one two|--method mean|is none of [union, arithmetic, ties]",
                "one missing|--method ties|must be model/task"
            })
    void whatCannotBeMergedIsRefusedByName(String tasks, String options, String why) {
        Answer answer = merge(tasks, options.split(" "));
        assertThat(answer.exitCode()).isEqualTo(2);
        assertThat(answer.err()).contains(why).contains("[INVALID_ARGUMENT]");
        assertThat(directory.resolve("out")).doesNotExist();
    }
}
