package io.tessellate.pipeline.cli.option;

import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/** Every command explains itself. */
@Command(
        versionProvider = HelpOption.Version.class,
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        abbreviateSynopsis = true)
public abstract class HelpOption {
    // Not by picocli's own mixin: it brings --version too, and steps back with both from a command that has one of its
    // own.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    /** Whether help is all that is wanted. */
    public boolean helpWanted() {
        return help;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = HelpOption.class.getPackage().getImplementationVersion();
            return new String[] {"tessellate " + Objects.requireNonNullElse(version, "in development")};
        }
    }
}
