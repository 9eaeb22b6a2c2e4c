package io.tessellate.pipeline.reach;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;

/** Asks the brokers of a configuration whether they can be spoken to as configured. */
final class BrokerProbe {
    private static final Duration QUESTION = Duration.ofSeconds(2);
    private static final long LOGIN_MILLIS = 5000;

    private final KafkaSettings settings;
    private final Security security;
    private final PortProbe port = new PortProbe(QUESTION);

    BrokerProbe(KafkaSettings settings) {
        this.settings = settings;
        this.security = Security.of(settings.properties());
    }

    /** What stands in the way; empty if nothing does. */
    Optional<TessellateException> problem() {
        return answer().or(this::login);
    }

    /** What the ports themselves say: of several one that fits is enough. */
    private Optional<TessellateException> answer() {
        Optional<TessellateException> first = Optional.empty();
        for (Address address : Address.list(settings.bootstrapServers())) {
            Optional<TessellateException> problem = problem(address);
            if (problem.isEmpty()) {
                return problem;
            }
            first = first.or(() -> problem);
        }
        return first;
    }

    private Optional<TessellateException> problem(Address address) {
        PortAnswer answer = port.greet(address, security.sasl() ? security.mechanism() : "PLAIN");
        if (answer instanceof PortAnswer.Unreachable gone) {
            return unavailable("the broker %s %s".formatted(address, gone.why()));
        }
        if (answer instanceof PortAnswer.Silent) {
            return port.speaksHttp(address)
                    ? web(address)
                    : unavailable("the broker %s does not answer".formatted(address));
        }
        if (answer instanceof PortAnswer.Web) {
            return web(address);
        }
        if (answer instanceof PortAnswer.Tls) {
            return security.tls()
                    ? Optional.empty()
                    : refused(
                            "the broker %s demands TLS, and is spoken to in plain text (%s): set tessellate.kafka.security.protocol"
                                            .formatted(address, security.protocol())
                                    + " to SSL, or to SASL_SSL where it asks for a login");
        }
        if (answer instanceof PortAnswer.Clear clear) {
            return clear(address, clear.mechanisms());
        }
        return unavailable("%s does not answer as a Kafka broker does".formatted(address));
    }

    private static Optional<TessellateException> web(Address address) {
        return unavailable("%s is a web server, not a Kafka broker; tessellate.bootstrap-servers names the wrong port"
                .formatted(address));
    }

    private Optional<TessellateException> clear(Address address, List<String> mechanisms) {
        if (security.tls()) {
            return refused("the broker %s speaks plain text on that port, and tessellate.kafka.security.protocol is %s"
                    .formatted(address, security.protocol()));
        }
        if (!security.sasl() && !mechanisms.isEmpty()) {
            return refused(
                    "the broker %s demands a login by SASL (%s): set tessellate.kafka.security.protocol to SASL_PLAINTEXT,"
                                    .formatted(address, String.join(", ", mechanisms))
                            + " tessellate.kafka.sasl.mechanism and tessellate.kafka.sasl.jaas.config");
        }
        if (security.sasl() && mechanisms.isEmpty()) {
            return refused("the broker %s asks for no login on that port, and tessellate.kafka.security.protocol is %s"
                    .formatted(address, security.protocol()));
        }
        if (security.sasl() && !mechanisms.contains(security.mechanism())) {
            return refused("the broker %s accepts no login by %s, only by %s: set tessellate.kafka.sasl.mechanism"
                    .formatted(address, security.mechanism(), String.join(", ", mechanisms)));
        }
        return Optional.empty();
    }

    /** Why none of the ports answers at all; empty while one does, whatever it says. */
    Optional<String> silence() {
        Optional<String> first = Optional.empty();
        for (Address address : Address.list(settings.bootstrapServers())) {
            PortAnswer answer = port.greet(address, security.sasl() ? security.mechanism() : "PLAIN");
            if (answer instanceof PortAnswer.Unreachable gone) {
                first = first.or(() -> Optional.of("the broker %s %s".formatted(address, gone.why())));
            } else if (answer instanceof PortAnswer.Silent) {
                first = first.or(() -> Optional.of("the broker %s does not answer".formatted(address)));
            } else {
                return Optional.empty();
            }
        }
        return first;
    }

    /** Connects as every client will, with certificates and credentials, and looks where the brokers say they are. */
    private Optional<TessellateException> login() {
        Map<String, Object> properties = settings.clientProperties();
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) LOGIN_MILLIS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) LOGIN_MILLIS);
        try (Admin admin = Admin.create(properties)) {
            return advertised(admin.describeCluster().nodes().get(LOGIN_MILLIS, TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return LoginFailure.of(settings.bootstrapServers(), security, e.getCause());
        } catch (KafkaException e) {
            return Optional.of(LoginFailure.unusable(e));
        } catch (TimeoutException e) {
            return unavailable("the broker %s does not answer".formatted(settings.bootstrapServers()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TessellateException(ErrorCode.INTERRUPTED, "the look for the broker was interrupted", e);
        }
    }

    private Optional<TessellateException> advertised(Iterable<Node> nodes) {
        String last = "";
        for (Node node : nodes) {
            Address address = new Address(node.host(), node.port());
            if (port.accepts(address)) {
                return Optional.empty();
            }
            last = address.toString();
        }
        return unavailable(
                "the broker %s says it is to be spoken to at %s, which cannot be reached from here; see its advertised.listeners"
                        .formatted(settings.bootstrapServers(), last));
    }

    private static Optional<TessellateException> unavailable(String message) {
        return Optional.of(new TessellateException(ErrorCode.UNAVAILABLE_DEPENDENCY, message));
    }

    private static Optional<TessellateException> refused(String message) {
        return Optional.of(new TessellateException(ErrorCode.NOT_AUTHENTICATED, message));
    }
}
