package io.tessellate.pipeline.cli;

import io.tessellate.engine.bench.BenchSize;
import io.tessellate.engine.bench.BenchWorkload;
import io.tessellate.engine.model.files.ModelExport;
import io.tessellate.engine.precision.Precision;
import io.tessellate.error.TessellateException;
import io.tessellate.evaluator.alert.AlertKind;
import io.tessellate.evaluator.matrix.View;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.mask.merge.MergeRecipe;
import io.tessellate.pipeline.cli.act.AlertsCommand;
import io.tessellate.pipeline.cli.act.CancelCommand;
import io.tessellate.pipeline.cli.act.DropCommand;
import io.tessellate.pipeline.cli.act.GcCommand;
import io.tessellate.pipeline.cli.act.PromoteCommand;
import io.tessellate.pipeline.cli.act.RollbackCommand;
import io.tessellate.pipeline.cli.analysis.BlameCommand;
import io.tessellate.pipeline.cli.analysis.ForecastCommand;
import io.tessellate.pipeline.cli.analysis.LineageCommand;
import io.tessellate.pipeline.cli.analysis.TransferCommand;
import io.tessellate.pipeline.cli.option.ExportFormat;
import io.tessellate.pipeline.cli.option.ExportView;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.cli.option.TrimScope;
import io.tessellate.pipeline.cli.proof.CheckCommand;
import io.tessellate.pipeline.cli.proof.ReproduceCommand;
import io.tessellate.pipeline.cli.proof.VerifyCommand;
import io.tessellate.pipeline.stack.Member;
import io.tessellate.pipeline.terminal.OutputFormat;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.predictor.asking.PredictedView;
import io.tessellate.predictor.asking.WantedVersion;
import io.tessellate.runtime.config.DurationText;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The command {@code tessellate}. */
@Command(
        name = "tessellate",
        description = "Continual learning on Apache Kafka: every dataset trains weights that no earlier task owns.",
        subcommands = {
            UpCommand.class,
            DemoCommand.class,
            ModelsCommand.class,
            ForecastCommand.class,
            PushCommand.class,
            TasksCommand.class,
            MasksCommand.class,
            LineageCommand.class,
            MatrixCommand.class,
            PredictCommand.class,
            BlameCommand.class,
            TransferCommand.class,
            LiveCommand.class,
            AlertsCommand.class,
            VerifyCommand.class,
            ResumeCommand.class,
            PromoteCommand.class,
            RollbackCommand.class,
            CancelCommand.class,
            DropCommand.class,
            GcCommand.class,
            CheckCommand.class,
            ReproduceCommand.class,
            DoctorCommand.class,
            MergeCommand.class,
            ExperimentCommand.class,
            BenchCommand.class,
            DemoBaseCommand.class,
            RunCommand.class,
            ClassDataCommand.class
        },
        footer = {
            "Examples:",
            "  tessellate demo                                  see everything once, in a few minutes",
            "  tessellate up                                    start broker, registry and services",
            "  tessellate models register glue --base ./bert    name a Hugging Face directory",
            "  tessellate forecast glue ./sst2                  see what a training would meet",
            "  tessellate push glue/sst2 --data ./sst2 --wait   train a task",
            "  tessellate matrix glue --view union              see what was forgotten",
            "  tessellate predict glue/sst2 texts.jsonl         ask it",
            "  tessellate blame glue/sst2                       see which later task cost it",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. What each code in brackets means and what to do:",
            "docs/when-something-goes-wrong.md"
        })
public final class Tessellate extends HelpOption {
    private static final int USAGE_WIDTH = 110;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print version information and exit.")
    private boolean version;

    /** Whether the version is all that is wanted. */
    boolean versionWanted() {
        return version;
    }

    private Tessellate() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), arguments));
    }

    /** Runs one command on a terminal and returns its exit code. */
    public static int run(Terminal terminal, String... arguments) {
        CommandLine command = new CommandLine(new Tessellate(), new TerminalFactory(terminal));
        FailureHandler failures = new FailureHandler(terminal);
        register(command, ModelName.class, ModelName::new);
        register(command, TaskId.class, TaskId::parse);
        register(command, TaskName.class, TaskName::new);
        register(command, ModelExport.Precision.class, text -> choice(ModelExport.Precision.class, text));
        register(command, ExportFormat.class, text -> choice(ExportFormat.class, text));
        register(command, ExportView.class, text -> choice(ExportView.class, text));
        register(command, MergeRecipe.Method.class, text -> choice(MergeRecipe.Method.class, text));
        register(command, TrimScope.class, text -> choice(TrimScope.class, text));
        register(command, Duration.class, DurationText::parse);
        register(command, View.class, View::parse);
        register(command, AlertKind.class, AlertKind::parse);
        register(command, PredictedView.class, PredictedView::parse);
        register(command, WantedVersion.class, WantedVersion::parse);
        register(command, OutputFormat.class, text -> choice(OutputFormat.class, text));
        register(command, Ownership.class, text -> choice(Ownership.class, text));
        register(command, BenchSize.class, text -> choice(BenchSize.class, text));
        register(command, BenchWorkload.class, text -> choice(BenchWorkload.class, text));
        register(command, Precision.class, text -> choice(Precision.class, text));
        register(command, Member.class, text -> choice(Member.class, text));
        command.setExecutionExceptionHandler(failures);
        command.setParameterExceptionHandler(failures);
        command.setUsageHelpWidth(USAGE_WIDTH);
        try {
            return command.execute(arguments);
        } catch (LinkageError | OutOfMemoryError e) {
            return failures.fatal(e);
        }
    }

    private static <T> void register(CommandLine command, Class<T> type, Function<String, T> parse) {
        ITypeConverter<T> converter = text -> {
            try {
                return parse.apply(text);
            } catch (TessellateException e) {
                throw new TypeConversionException(e.getMessage());
            }
        };
        command.registerConverter(type, converter);
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String text) {
        for (E value : type.getEnumConstants()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        List<String> known = Arrays.stream(type.getEnumConstants())
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
        throw new TypeConversionException("'%s' is none of %s".formatted(text, known));
    }
}
