package io.tessellate.pipeline.cli;

import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.id.ModelName;
import io.tessellate.id.TaskName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.json.ListedModelJson;
import io.tessellate.lineage.log.FailedVersion;
import io.tessellate.lineage.log.VerdictRules;
import io.tessellate.mask.grant.Ownership;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.cli.connect.ReadCommand;
import io.tessellate.pipeline.cli.option.HelpOption;
import io.tessellate.pipeline.hub.HubModels;
import io.tessellate.pipeline.hub.HubReference;
import io.tessellate.pipeline.hub.HubSettings;
import io.tessellate.pipeline.push.ModelRegistration;
import io.tessellate.pipeline.report.Answers;
import io.tessellate.pipeline.report.ModelsReport;
import io.tessellate.pipeline.report.Report;
import io.tessellate.pipeline.terminal.Terminal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tessellate models}. */
@Command(
        name = "models",
        description = "Register models, list them, and write their versions back as files.",
        subcommands = {ModelsCommand.Register.class, ModelsCommand.Listing.class, ModelExportCommand.class},
        footer = {
            "Examples:",
            "  tessellate models register glue --base ./bert-tiny",
            "  tessellate models register minilm --base hf:sentence-transformers/all-MiniLM-L6-v2",
            "  tessellate models register baseline --base ./bert-tiny --ownership shared",
            "  tessellate models list --output json",
            "  tessellate models export glue --out ./glue-union"
        })
final class ModelsCommand extends HelpOption {

    /** {@code tessellate models register}. */
    @Command(
            name = "register",
            description = "Register a base model under a name. Registering the same again changes nothing.",
            footer = {"Examples:", "  tessellate models register glue --base ./bert-tiny --forgetting-budget 0.02"})
    static final class Register extends ConnectedCommand {
        private static final double MEGA = 1e6;

        @Parameters(paramLabel = "NAME", description = "The model's name.")
        private ModelName name;

        @Option(
                names = "--base",
                required = true,
                paramLabel = "DIR|hf:ORG/NAME[@REVISION]",
                description = "Hugging Face directory: config.json, model.safetensors (or several with their index),"
                        + " tokenizer.json; or a model of"
                        + " the Hub, downloaded into the data directory.")
        private String base;

        @Option(
                names = "--hf-token",
                paramLabel = "TOKEN",
                description = "Access token for private and gated models of the Hub (default: $$HF_TOKEN).")
        private @Nullable String token;

        @Option(
                names = "--ownership",
                paramLabel = "exclusive|shared",
                defaultValue = "exclusive",
                description = "exclusive: no weight ever has two owners. shared: tasks may overwrite each other"
                        + " (baselines). Default: ${DEFAULT-VALUE}.")
        private Ownership ownership = Ownership.EXCLUSIVE;

        @Option(
                names = "--forgetting-budget",
                paramLabel = "X",
                defaultValue = "0.05",
                description = "Largest drop of an earlier task's union score with which a version is promoted"
                        + " (default: ${DEFAULT-VALUE}).")
        private double forgettingBudget;

        @Option(
                names = "--promote-unmeasured",
                description = "Promote a version by the tasks that could be measured, though the records of others are"
                        + " gone; without it such a version is set aside.")
        private boolean promoteUnmeasured;

        @Option(
                names = "--task-budget",
                paramLabel = "TASK=X",
                description = "Largest drop of one task, before its manifest's and the model's; may be given again.")
        private Map<String, Double> taskBudgets = Map.of();

        @Option(
                names = "--significance",
                paramLabel = "P",
                description =
                        "A drop over its budget fails a version only if its paired test, corrected over the tasks, has a p"
                                + " of at most this; without it points alone decide.")
        private @Nullable Double significance;

        @Option(
                names = "--failed-versions",
                paramLabel = "keep|quarantine",
                defaultValue = "keep",
                description =
                        "What becomes of a version that failed. keep: it is not promoted, and the next is built on it."
                                + " quarantine: its adapter stays out of every later version. Default: ${DEFAULT-VALUE}.")
        private String failedVersions = "keep";

        Register(Terminal terminal) {
            super(terminal);
        }

        @Override
        protected void run(Connection connection) {
            Source source = source();
            BaseModel model = BaseModel.load(source.directory());
            model.remarks().forEach(remark -> terminal().line("%s: %s".formatted(name, remark)));
            ModelLine line = new ModelRegistration(connection.registry(), connection.blobs())
                    .register(name, model, source.origin(), ownership, forgettingBudget, promoteUnmeasured, rules());
            switch (output()) {
                case TABLE -> terminal().answer(new ModelsReport(List.of(line)), output());
                case JSON -> terminal().json(ListedModelJson.of(line));
            }
        }

        private VerdictRules rules() {
            Map<TaskName, Double> budgets = new TreeMap<>();
            taskBudgets.forEach((task, budget) -> budgets.put(new TaskName(task), budget));
            return new VerdictRules(budgets, significance, FailedVersion.parse(failedVersions));
        }

        /**
         * The model's files.
         *
         * @param origin the Hub's name of them; empty if they were here
         */
        private record Source(Path directory, String origin) {}

        private Source source() {
            if (!HubReference.matches(base)) {
                return new Source(existing(base), "");
            }
            HubReference model = HubReference.parse(base);
            HubSettings hub = HubSettings.of(
                    settings().hubEndpoint().or(() -> Optional.ofNullable(System.getenv("HF_ENDPOINT"))),
                    Optional.ofNullable(token).or(() -> Optional.ofNullable(System.getenv("HF_TOKEN"))),
                    settings().data().directory("hub"));
            Path directory = new HubModels(hub, this::progress).fetch(model);
            terminal().line("%s is in %s".formatted(model, directory));
            String commit = directory.getFileName().toString();
            return new Source(directory, new HubReference(model.repository(), commit).toString());
        }

        private static Path existing(String base) {
            Path directory = Path.of(base);
            if (!Files.exists(directory)) {
                throw new TessellateException(
                        ErrorCode.INVALID_ARGUMENT,
                        "there is no directory %s; a model of the Hub is written %sORG/NAME"
                                .formatted(base, HubReference.PREFIX));
            }
            return directory;
        }

        private void progress(String file, long done, long total) {
            terminal()
                    .live(String.format(
                            Locale.ROOT,
                            "%s: %.1f%s MB",
                            file,
                            done / MEGA,
                            total < 0 ? "" : String.format(Locale.ROOT, " of %.1f", total / MEGA)));
        }
    }

    /** {@code tessellate models list}. */
    @Command(
            name = "list",
            description = "List the registered models.",
            footer = {"Examples:", "  tessellate models list"})
    static final class Listing extends ReadCommand {
        Listing(Terminal terminal) {
            super(terminal);
        }

        @Override
        protected String question() {
            return "models";
        }

        @Override
        protected Report report(Answers answers) {
            return answers.models();
        }
    }
}
