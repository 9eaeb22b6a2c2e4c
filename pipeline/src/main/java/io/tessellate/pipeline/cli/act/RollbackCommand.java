package io.tessellate.pipeline.cli.act;

import io.tessellate.id.ModelName;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import io.tessellate.pipeline.terminal.Terminal;
import io.tessellate.registry.client.RegistryClient;
import picocli.CommandLine.Command;

/** {@code tessellate rollback}. */
@Command(
        name = "rollback",
        description = "Make an earlier version champion again.",
        footer = {
            "The tasks that came later keep their weights, and the next task is still trained on the newest version. But no version",
            "that holds one of them becomes champion by itself: promote one when it may be.",
            "",
            "Examples:",
            "  tessellate rollback glue 3 --why 'version 4 answers worse on live traffic'"
        })
public final class RollbackCommand extends ChampionCommand {
    /** The command on a terminal. */
    public RollbackCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    ModelLine ask(RegistryClient registry, ModelName of, int number, boolean forced, Author author) {
        return registry.rollBack(of, number, forced, author);
    }

    @Override
    String consequence(ModelLine line) {
        var held = line.heldBack(line.currentVersion());
        return held.isEmpty() ? "" : "; a version that holds %s becomes champion by a person only".formatted(held);
    }
}
