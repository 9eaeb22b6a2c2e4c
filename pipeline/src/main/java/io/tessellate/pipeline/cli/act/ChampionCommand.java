package io.tessellate.pipeline.cli.act;

import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.json.ListedModelJson;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.cli.connect.ConnectedCommand;
import io.tessellate.pipeline.cli.connect.Connection;
import io.tessellate.pipeline.report.ModelsReport;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.registry.client.RegistryClient;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that makes a version champion. */
abstract class ChampionCommand extends ConnectedCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The model's name.")
    private ModelName model;

    @Parameters(index = "1", paramLabel = "VERSION", description = "The version's number.")
    private int version;

    @Option(names = "--force", description = "Take a version that was not measured, or failed.")
    private boolean force;

    @Mixin
    private WhyOption why = new WhyOption();

    ChampionCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    protected final void run(Connection connection) {
        ModelLine line = ask(connection.registry(), model, version, force, why.author());
        switch (output()) {
            case TABLE -> {
                terminal().line("version %d is champion of %s%s".formatted(version, model, consequence(line)));
                terminal().answer(new ModelsReport(List.of(line)), output());
            }
            case JSON -> terminal().json(ListedModelJson.of(line));
        }
    }

    abstract ModelLine ask(RegistryClient registry, ModelName of, int number, boolean forced, Author author);

    /** What follows for the versions to come. */
    abstract String consequence(ModelLine line);
}
