package io.tessellate.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tessellate.engine.backend.Backends;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.id.Sha256;
import io.tessellate.pipeline.RunningTestStack.Answer;
import io.tessellate.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What leaves a running stack as files is what it holds.
 *
 * @param directory where files go
 * @param base of all its models
 */
record ExportChecks(RunningTestStack tessellate, Path directory, BaseModel base) {
    /** Exclusive masks are disjoint, so there is nothing to merge but bits; the export of the union view is the same file. */
    void tasksMergeToTheUnionView() {
        for (String method : List.of("union", "arithmetic")) {
            Answer merged = tessellate.run(
                    "merge",
                    "--from",
                    "glue/colours,glue/animals",
                    "--method",
                    method,
                    "--out",
                    out("merged-" + method).toString(),
                    "--output",
                    "json");
            assertThat(merged.exitCode()).as(merged.err()).isZero();
            assertThat(merged.json().path("shared").asLong()).isZero();
            BaseModel model = BaseModel.load(out("merged-" + method));
            assertThat(model.digest()).isEqualTo(BaseModel.load(out("union")).digest());
            assertThat(out("merged-" + method).resolve("heads/glue.colours.safetensors"))
                    .isRegularFile();
        }
        Answer unknown = tessellate.run(
                "merge",
                "--from",
                "glue/colours,glue/planets",
                "--method",
                "ties",
                "--out",
                out("none").toString());
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("glue has no committed task planets").contains("[INVALID_ARGUMENT]");
    }

    void loadAgain() {
        assertThat(weights(export("base", "--version", "0"))).isEqualTo(weights(base));
        BaseModel union = export("union");
        BaseModel task = export("task", "--task", "colours", "--precision", "original");
        assertThat(union.layout()).isEqualTo(base.layout());
        assertThat(weights(union)).isNotEqualTo(weights(base)).isNotEqualTo(weights(task));
        assertThat(task.directory().resolve("head.safetensors")).isRegularFile();
        Answer unknown = tessellate.run(
                "models",
                "export",
                "glue",
                "--version",
                "1",
                "--task",
                "animals",
                "--out",
                out("none").toString());
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("version 1 of glue has no task animals");
    }

    void aTaskIsAShiraAdapter() throws IOException {
        String[] command = {
            "models",
            "export",
            "glue",
            "--task",
            "animals",
            "--format",
            "shira",
            "--out",
            out("shira").toString()
        };
        Answer done = tessellate.run(command);
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(out("shira").resolve("adapter_config.json")).content().contains("\"peft_type\" : \"SHIRA\"");
        assertThat(out("shira").resolve("adapter_model.safetensors")).isNotEmptyFile();
        assertThat(out("shira").resolve("head.safetensors")).isNotEmptyFile();
        Answer again = tessellate.run(command);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("must be an empty folder, or none, to export an adapter to");
    }

    void aTaskIsAnOnnxFile() throws IOException {
        Answer done = tessellate.run(
                "models",
                "export",
                "glue",
                "--task",
                "colours",
                "--view",
                "union",
                "--format",
                "onnx",
                "--output",
                "json",
                "--out",
                out("onnx").toString());
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.json().path("view").asText()).isEqualTo("union");
        assertThat(done.json().path("sha256").asText())
                .isEqualTo(Sha256.of(out("onnx").resolve("model.onnx")).hex());
        assertThat(out("onnx").resolve("README.md")).content().contains("glue/colours", "onnxruntime.InferenceSession");
        assertThat(out("onnx").resolve("tokenizer.json")).isRegularFile();
        Answer none = tessellate.run(
                "models",
                "export",
                "glue",
                "--format",
                "onnx",
                "--out",
                out("no-task").toString());
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("--task must name one of").contains("[INVALID_ARGUMENT]");
        assertThat(out("no-task")).doesNotExist();
    }

    private Sha256 weights(BaseModel model) {
        try (Weights weights = model.weights(Backends.open(Backends.HOST))) {
            return weights.digest();
        }
    }

    private Path out(String name) {
        return directory.resolve("exported-" + name);
    }

    private BaseModel export(String name, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("models", "export", "glue", "--out", out(name).toString(), "--output", "json"));
        Collections.addAll(arguments, more);
        Answer answer = tessellate.run(arguments.toArray(String[]::new));
        assertThat(answer.exitCode()).as(answer.err()).isZero();
        BaseModel exported = BaseModel.load(out(name));
        assertThat(answer.json().path("sha256").asText())
                .isEqualTo(exported.digest().hex());
        return exported;
    }

    /** Low-rank tasks of a model with shared ownership; a task of another kind in the view has no factors to write. */
    void lowRankTasksAreLoraAdapters() throws IOException {
        Answer done = lora("low-rank", "colours", "--output", "json");
        assertThat(done.exitCode()).as(done.err()).isZero();
        Path weights = out("low-rank-colours").resolve("adapter_model.safetensors");
        assertThat(done.json().path("sha256").asText())
                .isEqualTo(Sha256.of(weights).hex());
        assertThat(out("low-rank-colours").resolve("adapter_config.json"))
                .content()
                .contains("\"peft_type\" : \"LORA\"", "\"r\" : 3");
        assertThat(out("low-rank-colours").resolve("head.safetensors")).isNotEmptyFile();
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            assertThat(file.tensorNames())
                    .hasSize(2 * base.layout().eligible().tensors().size())
                    .allMatch(name -> name.matches("base_model\\.model\\..*\\.lora_[AB]\\.weight"));
        }

        Answer second = lora("low-rank", "animals");
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(out("low-rank-animals").resolve("adapter_config.json"))
                .content()
                .contains("\"r\" : 7");
        Answer again = lora("low-rank", "animals");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("must be an empty folder, or none, to export an adapter to");
    }

    /** Only a low-rank change is a LoRA adapter. */
    void aTaskUnderAMaskIsNoLoraAdapter() {
        Answer refused = lora("glue", "colours");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("without factors").contains("[INVALID_ARGUMENT]");
        assertThat(out("glue-colours")).doesNotExist();
    }

    private Answer lora(String model, String task, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("models", "export", model, "--task", task, "--format", "lora"));
        arguments.addAll(List.of("--out", out(model + "-" + task).toString()));
        Collections.addAll(arguments, more);
        return tessellate.run(arguments.toArray(String[]::new));
    }
}
