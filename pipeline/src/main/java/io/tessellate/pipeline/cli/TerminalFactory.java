package io.tessellate.pipeline.cli;

import io.tessellate.pipeline.terminal.Terminal;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands, handing the terminal to those whose constructor asks for it. */
final class TerminalFactory implements IFactory {
    private final Terminal terminal;

    TerminalFactory(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        Optional<Constructor<?>> taking = Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {Terminal.class}))
                .findFirst();
        if (taking.isEmpty()) {
            return CommandLine.defaultFactory().create(type);
        }
        return type.cast(taking.get().newInstance(terminal));
    }
}
