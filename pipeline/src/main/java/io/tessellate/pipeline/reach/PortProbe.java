package io.tessellate.pipeline.reach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Speaks to a port in a few bytes of its own. Kafka's client cannot be asked: spoken to in TLS when it expects clear text
 * it takes the bytes for a length and tries to allocate it, and else it tries again for a minute and says "timeout".
 */
final class PortProbe {
    private static final short API_VERSIONS = 18;
    private static final short SASL_HANDSHAKE = 17;
    private static final int CORRELATION = 0x7E55E11A;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int HTTP = ByteBuffer.wrap("HTTP".getBytes(UTF_8)).getInt();
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int MOST_MECHANISMS = 100;

    private final Duration patience;

    /** Speaks to ports that answer each question within a time. */
    PortProbe(Duration patience) {
        this.patience = patience;
    }

    /** Finds out who is at an address. */
    PortAnswer greet(Address address, String mechanism) {
        try {
            Optional<PortAnswer> clear = inTheClear(address, mechanism);
            if (clear.isPresent()) {
                return clear.get();
            }
            return speaksTls(address) ? new PortAnswer.Tls() : new PortAnswer.Stranger();
        } catch (UnknownHostException e) {
            return new PortAnswer.Unreachable(
                    "cannot be found: the name '%s' is not known here".formatted(address.host()));
        } catch (SocketTimeoutException e) {
            return new PortAnswer.Silent();
        } catch (ConnectException e) {
            return new PortAnswer.Unreachable("cannot be reached: nothing listens there");
        } catch (NoRouteToHostException e) {
            return new PortAnswer.Unreachable("cannot be reached: there is no way to that host");
        } catch (IOException e) {
            return new PortAnswer.Unreachable("cannot be reached: " + e.getMessage());
        }
    }

    /** Whether somebody accepts connections there. */
    boolean accepts(Address address) {
        try (Socket socket = connect(address)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** What comes back to a broker's first two questions asked in the clear; empty if that is no answer to them. */
    private Optional<PortAnswer> inTheClear(Address address, String mechanism) throws IOException {
        try (Socket socket = connect(address)) {
            return ask(socket, mechanism);
        } catch (EOFException | java.net.SocketException e) {
            if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
                throw e;
            }
            // It hung up on clear text, as TLS does.
            return Optional.empty();
        }
    }

    private static Optional<PortAnswer> ask(Socket socket, String mechanism) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        out.write(request(API_VERSIONS, (short) 0, new byte[0]));
        int length = in.readInt();
        if (length == HTTP) {
            return Optional.of(new PortAnswer.Web());
        }
        int first = length >>> 24;
        if (first == TLS_ALERT || first == TLS_HANDSHAKE) {
            return Optional.of(new PortAnswer.Tls());
        }
        if (length < Integer.BYTES || length > LONGEST_ANSWER || in.readInt() != CORRELATION) {
            return Optional.of(new PortAnswer.Stranger());
        }
        in.skipNBytes(length - Integer.BYTES);
        return Optional.of(new PortAnswer.Clear(mechanisms(in, out, mechanism)));
    }

    /** Asks to log in; a broker that wants no login answers with none to choose from. */
    private static List<String> mechanisms(DataInputStream in, DataOutputStream out, String mechanism)
            throws IOException {
        byte[] name = mechanism.getBytes(UTF_8);
        ByteBuffer body = ByteBuffer.allocate(Short.BYTES + name.length);
        body.putShort((short) name.length).put(name);
        out.write(request(SASL_HANDSHAKE, (short) 1, body.array()));
        in.readInt();
        in.readInt();
        in.readShort();
        List<String> offered = new ArrayList<>();
        int count = in.readInt();
        for (int n = 0; n < Math.min(count, MOST_MECHANISMS); n++) {
            byte[] text = in.readNBytes(Short.toUnsignedInt(in.readShort()));
            offered.add(new String(text, UTF_8));
        }
        return offered;
    }

    private static byte[] request(short kind, short version, byte[] body) throws IOException {
        byte[] client = "tessellate".getBytes(UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(3 * Short.BYTES + Integer.BYTES + client.length + body.length);
        out.writeShort(kind);
        out.writeShort(version);
        out.writeInt(CORRELATION);
        out.writeShort(client.length);
        out.write(client);
        out.write(body);
        return bytes.toByteArray();
    }

    /** Whether a web server answers there; one that waits for the end of a line is silent to a broker's clients. */
    boolean speaksHttp(Address address) {
        try (Socket socket = connect(address)) {
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            return new DataInputStream(socket.getInputStream()).readInt() == HTTP;
        } catch (IOException e) {
            return false;
        }
    }

    /** Says hello as a TLS client does and looks at the first byte that comes back; nothing else is said. */
    boolean speaksTls(Address address) throws IOException {
        try (Socket socket = connect(address)) {
            socket.getOutputStream().write(hello(address));
            int first = socket.getInputStream().read();
            return first == TLS_HANDSHAKE || first == TLS_ALERT;
        } catch (SocketTimeoutException | java.net.SocketException e) {
            return false;
        }
    }

    private static byte[] hello(Address address) throws IOException {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine(address.host(), address.port());
            engine.setUseClientMode(true);
            ByteBuffer packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), packet);
            byte[] bytes = new byte[packet.position()];
            packet.flip().get(bytes);
            return bytes;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java speaks no TLS", e);
        }
    }

    /** Connects to the first of the host's addresses that accepts. */
    private Socket connect(Address address) throws IOException {
        InetAddress[] all = InetAddress.getAllByName(address.host());
        IOException failure = new ConnectException(address + " has no address");
        for (InetAddress one : all) {
            Socket socket = new Socket();
            try {
                socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
                socket.connect(new InetSocketAddress(one, address.port()), Math.toIntExact(patience.toMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }
}
