package io.tessellate.pipeline.cli;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.cli.connect.StackWatch;
import io.tessellate.pipeline.cli.connect.SupervisedWork;
import io.tessellate.pipeline.cli.connect.Target;
import io.tessellate.pipeline.cli.option.CommonOptions;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.cli.option.TimeLimit;
import io.tessellate.pipeline.cli.option.TrimScope;
import io.tessellate.pipeline.export.MergedExport;
import io.tessellate.pipeline.report.MergeReport;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.pipeline.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tessellate merge}. */
@Command(
        name = "merge",
        description = "Merge adapters of one base model into a Hugging Face directory with every task's head.",
        footer = {
            "Examples:",
            "  tessellate merge --from glue/sst2,other/mrpc --method ties --out ./merged",
            "  tessellate merge --from glue/sst2,other/mrpc --method arithmetic --scale 0.5 --out ./merged",
            "  tessellate merge --from a.safetensors,b.safetensors --base ./bert --method union --out ./merged"
        })
final class MergeCommand extends HelpOption implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private CommonOptions options = new CommonOptions();

    @Mixin
    private TimeLimit time = new TimeLimit();

    @Option(
            names = "--from",
            required = true,
            split = ",",
            paramLabel = "MODEL/TASK|FILE",
            description = "The adapters: tasks of a running stack, adapter files, or both. At least two.")
    private List<String> sources = new ArrayList<>();

    @Option(
            names = "--method",
            required = true,
            paramLabel = "union|arithmetic|ties",
            description =
                    "union: disjoint adapters as they are. arithmetic: scale times the sum of the changes. ties: trimmed"
                            + " changes, of those that agree with the sign of their sum the mean, times scale.")
    private MergeRecipe.Method method = MergeRecipe.Method.UNION;

    @Option(names = "--scale", paramLabel = "X", description = "What the merged change is multiplied by (default: 1).")
    private @Nullable Double scale;

    @Option(
            names = "--keep",
            paramLabel = "SHARE",
            description = "Of ties: share of the weights of which the trim keeps the largest changes (default: 0.2).")
    private @Nullable Double keep;

    @Option(
            names = "--trim-scope",
            paramLabel = "whole|tensor",
            description = "Of ties: what that share is of, an adapter's tensors together or each (default: whole).")
    private @Nullable TrimScope trimScope;

    @Option(
            names = "--base",
            paramLabel = "DIR",
            description = "The base model, a Hugging Face directory; needed only where all adapters are files.")
    private @Nullable Path base;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "An empty or absent directory.")
    private Path out = Path.of("");

    @Option(
            names = "--precision",
            paramLabel = "single|original",
            defaultValue = "single",
            description = "As of 'models export' (default: ${DEFAULT-VALUE}).")
    private ModelExport.Precision precision = ModelExport.Precision.SINGLE;

    MergeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        MergeRecipe recipe = MergeRecipe.of(method, scale, keep, trimScope == null ? null : trimScope.trim());
        requireSeveral();
        MergedExport export = new MergedExport(recipe, precision);
        boolean allFiles = sources.stream().allMatch(MergeCommand::isFile);
        if (allFiles) {
            answer(fromFiles(export));
        } else {
            attended(export);
        }
        return 0;
    }

    private void answer(MergedExport.Written written) {
        terminal.answer(report(written), options.output());
    }

    private void attended(MergedExport export) {
        List<TaskId> tasks = tasks();
        StackSettings settings = options.settings();
        Target target = Target.of(settings);
        CommonOptions.log(settings, "cli.log");
        try (StackWatch watch = target.watch()) {
            new SupervisedWork(watch, time.limit(), () -> "").run(() -> answer(fromStack(export, tasks, target)));
        }
    }

    private void requireSeveral() {
        if (sources.size() < 2 || new HashSet<>(sources).size() < sources.size()) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "--from must name at least two different adapters, not " + sources);
        }
    }

    private static boolean isFile(String source) {
        return Files.isRegularFile(Path.of(source));
    }

    private MergedExport.Written fromFiles(MergedExport export) {
        if (base == null) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "--base must name the base model where all adapters are files");
        }
        List<MergedExport.Source> adapters =
                sources.stream().map(MergeCommand::fromFile).toList();
        return export.write(BaseModel.load(base), adapters, out);
    }

    /** Those named by model and task, read before anything is asked of a stack. */
    private List<TaskId> tasks() {
        return sources.stream()
                .filter(source -> !isFile(source))
                .map(TaskId::parse)
                .toList();
    }

    private MergedExport.Written fromStack(MergedExport export, List<TaskId> tasks, Target target) {
        try (Connection connection = Connection.open(target)) {
            List<MergedExport.Source> adapters =
                    sources.stream().map(source -> adapter(connection, source)).toList();
            ModelLine line = line(connection, tasks.get(0));
            return base == null
                    ? export.write(connection.blobs(), line, adapters, out)
                    : export.write(BaseModel.load(base), adapters, out);
        }
    }

    private static MergedExport.Source fromFile(String file) {
        return new MergedExport.Source(AdapterFile.open(Path.of(file)), Optional.empty());
    }

    private static MergedExport.Source adapter(Connection connection, String source) {
        if (isFile(source)) {
            return fromFile(source);
        }
        TaskId task = TaskId.parse(source);
        return MergedExport.source(
                connection.blobs(), ModelExportCommand.manifests(connection), line(connection, task), task);
    }

    private static ModelLine line(Connection connection, TaskId task) {
        return connection.logs().lineage().require(task.model());
    }

    private MergeReport report(MergedExport.Written written) {
        List<MergeReport.Part> parts = new ArrayList<>();
        for (int n = 0; n < sources.size(); n++) {
            parts.add(new MergeReport.Part(
                    sources.get(n),
                    written.adapters().get(n).entries(),
                    written.heads().get(n)));
        }
        return new MergeReport(
                method.name().toLowerCase(Locale.ROOT),
                parts,
                written.interference(),
                written.changed(),
                out,
                written.digest());
    }
}
