package io.tessellate.pipeline.cli.act;

import io.tessellate.lineage.log.Author;
import picocli.CommandLine.Option;

/** Why somebody acts; who it is, is the user's name. */
final class WhyOption {
    @Option(
            names = "--why",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why, for the log; your user name stands beside it.")
    private String why = "";

    Author author() {
        return new Author(System.getProperty("user.name", "somebody"), why);
    }
}
