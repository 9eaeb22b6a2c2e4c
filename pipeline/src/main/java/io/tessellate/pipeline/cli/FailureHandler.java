package io.tessellate.pipeline.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.terminal.Terminal;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns every failure into one line on standard error and an exit code from the error table; the log has the rest. */
final class FailureHandler implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final Terminal terminal;

    FailureHandler(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult result) {
        log().error("{} failed", command.getCommandName(), failure);
        if (failure instanceof TessellateException known) {
            terminal.line("tessellate: %s%s [%s]".formatted(known.getMessage(), reason(known), known.code()));
            return known.code().exitCode();
        }
        Optional<String> reason = Optional.ofNullable(failure.getMessage());
        terminal.line("tessellate: unexpected %s%s [%s]"
                .formatted(
                        failure.getClass().getSimpleName(),
                        reason.map(text -> ": " + text).orElse(""),
                        ErrorCode.DEFECT));
        return ErrorCode.DEFECT.exitCode();
    }

    /** What the system said, where the message leaves it out: a full disk, a missing permission. Parsers speak for themselves. */
    private static String reason(TessellateException known) {
        Throwable root = known;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = root.getMessage();
        boolean system = root instanceof IOException
                && !(root instanceof JsonProcessingException)
                && !(root instanceof CharacterCodingException);
        boolean news = system && said != null && !known.getMessage().contains(said);
        return news ? ": " + said : "";
    }

    /** The exit code of a failure after which nothing can be relied on. */
    int fatal(Error failure) {
        log().error("the program cannot go on", failure);
        terminal.line("tessellate: the program cannot go on: %s [%s]".formatted(failure, ErrorCode.DEFECT));
        return ErrorCode.DEFECT.exitCode();
    }

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        terminal.line("tessellate: %s [%s]".formatted(failure.getMessage(), ErrorCode.INVALID_ARGUMENT));
        terminal.line("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
        return ErrorCode.INVALID_ARGUMENT.exitCode();
    }

    /** Only when something is logged: setting up the log is slower than a question to a running stack. */
    private static Logger log() {
        return LoggerFactory.getLogger(FailureHandler.class);
    }
}
