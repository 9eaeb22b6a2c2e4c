package io.tessellate.pipeline.cli.option;

import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Every command explains itself. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = HelpOption.Version.class,
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        footerHeading = "%n",
        abbreviateSynopsis = true)
public abstract class HelpOption {

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = HelpOption.class.getPackage().getImplementationVersion();
            return new String[] {"tessellate " + Objects.requireNonNullElse(version, "in development")};
        }
    }
}
