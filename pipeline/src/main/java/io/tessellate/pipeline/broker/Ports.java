package io.tessellate.pipeline.broker;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The ports of a data directory: free ones are found at the first start and kept in {@code ports.properties}, so that a
 * restart is reached at the same address. A remembered port that another program has taken is replaced.
 */
public final class Ports {
    private static final int ANY = 0;

    private final Path file;
    private final Properties remembered = new Properties();

    private Ports(Path file) {
        this.file = file;
    }

    /** The ports of a data directory. */
    public static Ports of(Path dataDirectory) {
        Ports ports = new Ports(dataDirectory.resolve("ports.properties"));
        if (Files.exists(ports.file)) {
            try (InputStream in = Files.newInputStream(ports.file)) {
                ports.remembered.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new TessellateException(ErrorCode.STORAGE, "cannot read " + ports.file, e);
            }
        }
        return ports;
    }

    /**
     * A port that is free at this moment.
     *
     * @param name what it is for, for example {@code broker}
     * @param wanted the port to use, or 0 for the remembered one or any
     * @throws TessellateException if the wanted port is taken
     */
    public synchronized int port(String name, int wanted) {
        if (wanted != ANY) {
            if (!free(wanted)) {
                throw new TessellateException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY,
                        "port %d for %s is taken by another program; choose another with --set tessellate.%s.port=PORT"
                                .formatted(wanted, name, name));
            }
            return remember(name, wanted);
        }
        int last = last(name);
        return last != ANY && free(last) ? last : remember(name, anyFree());
    }

    /** Gives up a port that turned out to be taken. */
    public synchronized void forget(String name) {
        remembered.remove(name);
    }

    private int last(String name) {
        try {
            return Integer.parseInt(remembered.getProperty(name, "0"));
        } catch (NumberFormatException e) {
            return ANY;
        }
    }

    private int remember(String name, int port) {
        remembered.setProperty(name, Integer.toString(port));
        try (OutputStream out = Files.newOutputStream(file)) {
            remembered.store(out, null);
        } catch (IOException e) {
            throw new TessellateException(ErrorCode.STORAGE, "cannot write " + file, e);
        }
        return port;
    }

    /** Whether nobody listens on a port of this machine. */
    public static boolean isFree(int port) {
        return free(port);
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private int anyFree() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int port = socket.getLocalPort();
                if (!remembered.containsValue(Integer.toString(port))) {
                    return port;
                }
            } catch (IOException e) {
                throw new TessellateException(ErrorCode.UNAVAILABLE_DEPENDENCY, "no free port on 127.0.0.1", e);
            }
        }
    }
}
