package io.tessellate.pipeline.cli;

import io.tessellate.dataset.log.ClosedDataset;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.Sha256;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.CommittedVersion;
import io.tessellate.lineage.ModelLine;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.cli.option.ExportFormat;
import io.tessellate.pipeline.cli.option.ExportView;
import io.tessellate.pipeline.export.OnnxFolder;
import io.tessellate.pipeline.export.PeftExport;
import io.tessellate.pipeline.export.TaskManifests;
import io.tessellate.pipeline.export.VersionExport;
import io.tessellate.pipeline.export.VersionView;
import io.tessellate.pipeline.report.ExportReport;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.registry.client.DatasetIndex;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate models export}. */
@Command(
        name = "export",
        description =
                "Write a version as files that predict elsewhere, with a README that shows how: its union view with all heads, or"
                        + " one task's view with that task's head.",
        footer = {
            "Examples:",
            "  tessellate models export glue --out ./glue-union",
            "  tessellate models export glue --version 2 --task colours --out ./glue-colours",
            "  tessellate models export glue --task colours --format onnx --out ./colours-onnx",
            "  tessellate models export glue --task colours --format shira --out ./colours-adapter",
            "  tessellate models export dense --task colours --format lora --out ./colours-lora"
        })
final class ModelExportCommand extends ConnectedCommand {
    @Parameters(paramLabel = "MODEL", description = "The model.")
    private ModelName model;

    @Option(names = "--version", paramLabel = "N", description = "The version; 0 is the base (default: the newest).")
    private @Nullable Integer version;

    @Option(
            names = "--task",
            paramLabel = "T",
            description = "Apply only the adapters up to this task's own, and write its head as head.safetensors.")
    private @Nullable TaskName task;

    @Option(
            names = "--view",
            paramLabel = "task|union",
            description =
                    "With --task: whether only the adapters up to its own are applied, or all of the version. Default: task.")
    private @Nullable ExportView applied;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "An empty or absent directory.")
    private Path out;

    @Option(
            names = "--precision",
            paramLabel = "single|original",
            defaultValue = "single",
            description =
                    "Of format hf. single: 32 bits, exactly the weights that were scored. original: the base's element types,"
                            + " rounded where those are narrower. Default: ${DEFAULT-VALUE}.")
    private ModelExport.Precision precision = ModelExport.Precision.SINGLE;

    @Option(
            names = "--format",
            paramLabel = "hf|shira|lora|onnx",
            defaultValue = "hf",
            description =
                    "hf: a model directory. shira: a sparse adapter that PEFT loads on the base model, without any"
                            + " code of ours (docs/examples/shira.py, causal.py). lora: the same of tasks trained by lora or pissa, as a"
                            + " LoRA adapter (docs/examples/lora.py). onnx: the task of an encoder as one file for ONNX Runtime."
                            + " Default: ${DEFAULT-VALUE}.")
    private ExportFormat format = ExportFormat.HF;

    @Option(
            names = "--base-path",
            paramLabel = "DIR|ORG/NAME",
            description =
                    "Of formats shira and lora: what the adapter names as its base. Default: the Hub's name of a model"
                            + " that was registered from there, else a copy in the folder 'base' beside the adapter.")
    private @Nullable String basePath;

    ModelExportCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected void run(Connection connection) {
        ModelLine line = connection.logs().lineage().require(model);
        int number = version == null ? newest(line) : version;
        if (applied == ExportView.TASK && task == null) {
            throw new TessellateException(ErrorCode.INVALID_ARGUMENT, "--view task needs --task to name one");
        }
        boolean union = task == null || applied == ExportView.UNION;
        VersionView view = new VersionView(line, number, task, union);
        PeftExport adapter = new PeftExport(connection.blobs(), manifests(connection), Optional.ofNullable(basePath));
        ExportReport report = switch (format) {
            case HF ->
                whole(
                        view,
                        () -> new VersionExport(connection.blobs(), manifests(connection), precision).write(view, out));
            case ONNX -> whole(view, () -> new OnnxFolder(connection.blobs(), manifests(connection)).write(view, out));
            case SHIRA -> report(view, adapter.shira(view, out));
            case LORA -> report(view, adapter.lora(view, out));
        };
        terminal().answer(report, output());
    }

    /** Where the manifests of the datasets lie that a stack's tasks were trained on. */
    static TaskManifests manifests(Connection connection) {
        DatasetIndex datasets = connection.logs().shared().datasets().datasets();
        return (of, digest) -> datasets.find(of, digest).map(ClosedDataset::manifest);
    }

    /** The version that the next one builds on; for a task the one it was committed as, whatever has become of it. */
    private int newest(ModelLine line) {
        return task == null
                ? line.parent()
                : line.versionOf(task).map(CommittedVersion::number).orElse(line.parent());
    }

    private ExportReport whole(VersionView view, Supplier<Sha256> written) {
        if (basePath != null) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "--base-path is of the formats shira and lora: a model has no base");
        }
        return report(view, written.get(), null);
    }

    private ExportReport report(VersionView view, PeftExport.Written written) {
        return report(view, written.digest(), written.base());
    }

    private ExportReport report(VersionView view, Sha256 digest, @Nullable String base) {
        return new ExportReport(model, view.version(), task, view.union(), out, digest, base);
    }
}
