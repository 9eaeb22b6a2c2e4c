package io.tessellate.pipeline.cli;

import io.tessellate.dataset.manifest.ManifestCodec;
import io.tessellate.evaluator.view.TaskState;
import io.tessellate.evaluator.view.TaskStatus;
import io.tessellate.event.TaskManifest;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.cli.option.DecodingOptions;
import io.tessellate.pipeline.cli.option.RecipeOptions;
import io.tessellate.pipeline.push.ChatTemplates;
import io.tessellate.pipeline.push.DatasetPush;
import io.tessellate.pipeline.push.KnownDatasets;
import io.tessellate.pipeline.push.LengthCheck;
import io.tessellate.pipeline.push.LocalDataset;
import io.tessellate.pipeline.push.RepeatedIds;
import io.tessellate.pipeline.report.TasksReport;
import io.tessellate.pipeline.terminal.TaskWatch;
import io.tessellate.pipeline.terminal.Terminal;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate push}. */
@Command(
        name = "push",
        modelTransformer = RecipeOptions.Flags.class,
        description = "Send a dataset to its task's topic; the pipeline does the rest.",
        footer = {
            "DIR holds train.jsonl, eval.jsonl (fields text, text_pair, label, or prompt, completion, or prompt,",
            "choices, label, or messages) and meta.json (task, labels, metric, decoding) unless --manifest names a file with the fields of a",
            "TaskManifest.",
            "",
            "Examples:",
            "  tessellate push glue/sst2 --data ./sst2 --wait",
            "  tessellate push glue/cola --data ./cola --method expander --density 0.125 --epochs 2 --seed 1",
            "  tessellate push stories/arc --data ./arc_easy --metric choice_likelihood",
            "  tessellate push stories/maths --data ./gsm8k --metric gsm8k --temperature 0.6 --top-k 50 --top-p 0.9",
            "  tessellate push bot/support --data ./conversations --chat-template model --metric exact_match",
            "  tessellate push glue/mine --data ./mine --manifest mine.yaml --output json"
        })
final class PushCommand extends ConnectedCommand implements RecipeOptions.Taker {
    @Parameters(paramLabel = "MODEL/TASK", description = "The task.")
    private TaskId task;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "Directory with the records.")
    private Path data;

    @Option(names = "--manifest", paramLabel = "FILE", description = "Manifest in JSON or YAML.")
    private @Nullable Path manifest;

    @Option(names = "--metric", paramLabel = "NAME", description = "What measures the task, instead of the manifest's.")
    private @Nullable String metric;

    @Option(
            names = "--chat-template",
            paramLabel = "model[:NAME]|FILE",
            description =
                    "Records hold messages; this makes prompts and replies of them: the model's own chat template,"
                            + " one of its several by name, or one from a file.")
    private @Nullable String chatTemplate;

    @Mixin
    private DecodingOptions decoding = new DecodingOptions();

    @Option(names = "--wait", description = "Follow the task until its version is measured or it has failed.")
    private boolean wait;

    private final RecipeOptions recipe = new RecipeOptions();

    private volatile @Nullable TaskWatch followed;

    PushCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public RecipeOptions recipe() {
        return recipe;
    }

    @Override
    protected void requireMeant() {
        recipe.requireValues();
    }

    @Override
    protected String doing() {
        TaskWatch watch = followed;
        return watch == null
                ? ""
                : "%s; it goes on without this command, see: tessellate tasks %s"
                        .formatted(watch.newest(), task.model());
    }

    @Override
    protected void run(Connection connection) {
        ModelLine line = connection.logs().lineage().require(task.model());
        LocalDataset dataset =
                LocalDataset.read(task, data, Optional.ofNullable(manifest), changes(connection, line), recipe::over);
        dataset.notes().forEach(terminal()::line);
        LengthCheck.notes(dataset, line, connection.blobs()).forEach(terminal()::line);
        RepeatedIds.of(dataset).words(dataset.records().size()).ifPresent(terminal()::line);
        Optional<TaskStatus> before = connection.logs().tasks().task(task);
        boolean known = !failed(before)
                && KnownDatasets.read(connection.logs().shared().datasets()).contains(dataset);
        if (known) {
            terminal().line("%s holds this dataset already; nothing is sent".formatted(task));
        } else {
            new DatasetPush(connection.clients(), Clock.systemUTC()).send(dataset);
            terminal()
                    .line("%d records sent to %s"
                            .formatted(
                                    dataset.records().size(),
                                    connection.clients().topics().task(task).name()));
        }
        if (wait) {
            follow(connection, known ? Optional.empty() : before);
        } else {
            sent(dataset, known);
        }
    }

    /** What failed or was refused leaves the name free: the next push of it is a new attempt. */
    private static boolean failed(Optional<TaskStatus> before) {
        return before.map(status -> status.state().problem()).isPresent();
    }

    private Consumer<TaskManifest.Builder> changes(Connection connection, ModelLine line) {
        return builder -> {
            measure(builder);
            if (chatTemplate != null) {
                builder.setChatTemplate(
                        ManifestCodec.toAvro(ChatTemplates.find(chatTemplate, line, connection.blobs())));
            }
        };
    }

    private void measure(TaskManifest.Builder builder) {
        if (metric != null) {
            builder.setMetric(metric);
        }
        decoding.over(builder);
    }

    private void follow(Connection connection, Optional<TaskStatus> before) {
        TaskWatch watch = new TaskWatch(connection.logs(), terminal());
        followed = watch;
        before.ifPresent(watch::isKnown);
        List<TaskStatus> status = watch.await(List.of(task), TaskState::isFinal);
        TaskWatch.requireSound(status.get(0));
        TasksReport report = new TasksReport(status);
        switch (output()) {
            case TABLE -> terminal().answer(report, output());
            case JSON -> terminal().json(report.json().get(0));
        }
    }

    private void sent(LocalDataset dataset, boolean known) {
        switch (output()) {
            case TABLE -> terminal().line("follow it with: tessellate tasks " + task.model());
            case JSON -> {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("task", task.toString());
                json.put("records", dataset.records().size());
                json.put("datasetDigest", dataset.digest().hex());
                json.put("run", dataset.run().value());
                json.put("sent", !known);
                terminal().json(json);
            }
        }
    }
}
