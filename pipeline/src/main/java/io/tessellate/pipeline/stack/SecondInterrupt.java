package io.tessellate.pipeline.stack;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ctrl-C asks for an orderly end, which takes some seconds; a second one does not wait for it. Java itself ignores the
 * second. Signals are spoken to by reflection, as there is no supported way.
 */
final class SecondInterrupt {
    private static final Logger LOG = LoggerFactory.getLogger(SecondInterrupt.class);
    private static final int STATUS = 130;

    private SecondInterrupt() {}

    static void endsAtOnce(Consumer<String> say) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            AtomicBoolean asked = new AtomicBoolean();
            Object ours = Proxy.newProxyInstance(
                    SecondInterrupt.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            interrupted(asked, say);
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), ours);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.debug("Ctrl-C is left as it is", e);
        }
    }

    private static void interrupted(AtomicBoolean asked, Consumer<String> say) {
        if (!asked.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(STATUS);
        }
        say.accept("stopping; Ctrl-C again stops at once");
        new Thread(() -> System.exit(STATUS), "interrupt").start();
    }
}
