package io.tessellate.pipeline.cli.act;

import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.registry.client.RegistryClient;
import picocli.CommandLine.Command;

/** {@code tessellate promote}. */
@Command(
        name = "promote",
        description = "Make a later version champion. One that is champion already changes nothing.",
        footer = {
            "A version that was not measured, or failed, is refused without --force.",
            "",
            "Examples:",
            "  tessellate promote glue 4 --why 'its drop is of a task we no longer serve'"
        })
public final class PromoteCommand extends ChampionCommand {
    /** The command on a terminal. */
    public PromoteCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    ModelLine ask(RegistryClient registry, ModelName of, int number, boolean forced, Author author) {
        return registry.promote(of, number, forced, author);
    }

    @Override
    String consequence(ModelLine line) {
        return "";
    }
}
