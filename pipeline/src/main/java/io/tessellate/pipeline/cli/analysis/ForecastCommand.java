package io.tessellate.pipeline.cli.analysis;

import io.tessellate.dataset.Example;
import io.tessellate.dataset.Split;
import io.tessellate.dataset.manifest.Manifest;
import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.engine.forecast.ForecastQuestion;
import io.tessellate.engine.forecast.TaskOutlook;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.train.TrainingControl;
import io.tessellate.engine.train.TrainingProgress;
import io.tessellate.engine.train.checkpoint.CheckpointPolicy;
import io.tessellate.engine.train.checkpoint.CheckpointStore;
import io.tessellate.engine.version.ProcessEngine;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskId;
import io.tessellate.id.TaskName;
import io.tessellate.pipeline.analysis.ForecastReport;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.cli.option.RecipeOptions;
import io.tessellate.pipeline.push.LocalDataset;
import io.tessellate.pipeline.push.TemporaryFolder;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.worker.Forecaster;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate forecast}. */
@Command(
        name = "forecast",
        modelTransformer = RecipeOptions.Flags.class,
        description =
                "See before a training what it would meet: who owns the weights that its mask wants, what is left in each layer, how many"
                        + " more tasks of this size fit, and whether its first steps work against earlier tasks.",
        footer = {
            "Nothing is sent, reserved or committed. The mask is found by the code that trains, in this command's own process: it",
            "says first how much memory that takes. The recipe is the manifest's, as with push, and so are its flags.",
            "Exit code 1 if it does not fit (CAPACITY), after what was found.",
            "",
            "Examples:",
            "  tessellate forecast glue ./mrpc",
            "  tessellate forecast glue ./mrpc --method lotto --density 0.1 --share 1"
        })
public final class ForecastCommand extends ConnectedCommand implements RecipeOptions.Taker {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private ModelName model;

    @Parameters(index = "1", paramLabel = "DIR", description = "Directory with the records, as push takes it.")
    private Path data;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "What the task would be called (default: the directory's name).")
    private @Nullable TaskName task;

    @Option(names = "--manifest", paramLabel = "FILE", description = "Manifest in JSON or YAML.")
    private @Nullable Path manifest;

    @Option(
            names = "--share",
            paramLabel = "X",
            defaultValue = "0.25",
            description = "Share of the train split that is looked at; 1 is exact (default: ${DEFAULT-VALUE}).")
    private double share;

    private final RecipeOptions recipe = new RecipeOptions();

    private volatile String doing = "";

    /** The command on a terminal. */
    public ForecastCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public RecipeOptions recipe() {
        return recipe;
    }

    @Override
    protected void requireMeant() {
        recipe.requireValues();
        if (!(share > 0 && share <= 1)) {
            throw new TessellateException(
                    ErrorCode.INVALID_ARGUMENT, "--share must be above 0 and no more than 1, not " + share);
        }
    }

    @Override
    protected String doing() {
        return doing;
    }

    @Override
    protected void run(Connection connection) {
        TaskId named = new TaskId(model, task == null ? named(data) : task);
        connection.logs().lineage().require(model);
        LocalDataset dataset = LocalDataset.read(named, data, Optional.ofNullable(manifest), recipe::over);
        dataset.notes().forEach(terminal()::line);
        Manifest read = ManifestCodec.fromAvro(dataset.manifest());
        List<Example> train = dataset.examples().stream()
                .filter(example -> example.split() == Split.TRAIN)
                .toList();
        ForecastQuestion question = new ForecastQuestion(named, read, train, Recipe.of(read.recipe()), share);
        TaskOutlook outlook = TemporaryFolder.with(folder -> forecast(connection, question, folder));
        ForecastReport report = new ForecastReport(outlook);
        terminal().answer(report, output());
        report.failure().ifPresent(failure -> {
            throw failure;
        });
    }

    private static TaskName named(Path directory) {
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return new TaskName(name == null ? "" : name.toString().toLowerCase(Locale.ROOT));
    }

    private TaskOutlook forecast(Connection connection, ForecastQuestion question, Path folder) {
        Forecaster forecaster = new Forecaster(
                connection.clients(),
                connection.logs().shared(),
                connection.blobs(),
                new DataDirectory(folder),
                ProcessEngine.of(settings().backend(), settings().memory()));
        TrainingControl control = new TrainingControl(
                this::progressed,
                () -> false,
                new CheckpointStore(folder.resolve("checkpoints")),
                new CheckpointPolicy(Long.MAX_VALUE, Duration.ofDays(1)),
                Clock.systemUTC());
        return forecaster.forecast(question, terminal()::line, control);
    }

    private void progressed(TrainingProgress progress) {
        doing = "calibrates, step %d of %d".formatted(progress.step(), progress.steps());
        terminal().live(doing);
    }
}
