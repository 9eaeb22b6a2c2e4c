package io.tessellate.pipeline.reach;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.KafkaSettings;
import io.tessellate.topic.AvroSerdes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Asks the schema registry of a configuration whether it can be spoken to as configured. */
final class SchemaRegistryProbe {
    private static final String OWN = "schema.registry.";
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;
    private static final int HTTP_PORT = 80;

    private final KafkaSettings settings;

    SchemaRegistryProbe(KafkaSettings settings) {
        this.settings = settings;
    }

    /** What stands in the way; empty if nothing does. */
    Optional<TessellateException> problem() {
        String url = settings.schemaRegistryUrl();
        try (SchemaRegistryClient client = AvroSerdes.client(url, impatient())) {
            client.getAllSubjects();
            return Optional.empty();
        } catch (RestClientException e) {
            return Optional.of(answered(url, e));
        } catch (IOException | RuntimeException e) {
            return Optional.of(failed(url, e));
        }
    }

    private Map<String, String> impatient() {
        Map<String, String> all = new HashMap<>();
        settings.properties().forEach((key, value) -> {
            if (key.startsWith(OWN)) {
                all.put(key, value);
            }
        });
        all.put(OWN + "max.retries", "0");
        all.put(OWN + "http.connect.timeout.ms", "3000");
        all.put(OWN + "http.read.timeout.ms", "4000");
        return all;
    }

    private static TessellateException answered(String url, RestClientException answer) {
        int status = answer.getStatus();
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            return new TessellateException(
                    ErrorCode.NOT_AUTHENTICATED,
                    "the schema registry %s refuses access with status %d: user name or password is missing or wrong (tessellate.kafka.schema.registry.basic.auth.credentials.source, tessellate.kafka.schema.registry.basic.auth.user.info)"
                            .formatted(url, status),
                    answer);
        }
        if (status == NOT_FOUND) {
            return unavailable(
                    url,
                    "answers with status 404: Confluent's API is not at that path (of Apicurio it is at /apis/ccompat/v7)",
                    answer);
        }
        return unavailable(
                url,
                "answers with status %d%s".formatted(status, status >= SERVER_ERROR ? ": it is not well itself" : ""),
                answer);
    }

    private static TessellateException failed(String url, Exception failure) {
        if (Causes.find(failure, JsonProcessingException.class).isPresent()) {
            return unavailable(url, "answers with something else than JSON: it is no schema registry", failure);
        }
        if (Causes.find(failure, UnknownHostException.class).isPresent()) {
            return unavailable(url, "cannot be found: its host's name is not known here", failure);
        }
        if (Causes.find(failure, SocketTimeoutException.class).isPresent()) {
            return unavailable(url, "does not answer", failure);
        }
        if (Causes.find(failure, ConnectException.class).isPresent()) {
            return unavailable(url, "cannot be reached: nothing listens there", failure);
        }
        if (Causes.find(failure, SSLException.class).isPresent()) {
            return unavailable(url, "cannot be spoken to in TLS: " + LoginFailure.tls(failure), failure);
        }
        if (speaksTls(url)) {
            return unavailable(url, "speaks TLS: its address must begin with https://", failure);
        }
        return unavailable(url, "cannot be spoken to: it is no schema registry, or hangs up", failure);
    }

    private static boolean speaksTls(String url) {
        try {
            URI uri = URI.create(url);
            if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
                return false;
            }
            int port = uri.getPort() < 0 ? HTTP_PORT : uri.getPort();
            return new PortProbe(Duration.ofSeconds(1)).speaksTls(new Address(uri.getHost(), port));
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static TessellateException unavailable(String url, String what, @Nullable Throwable cause) {
        return new TessellateException(
                ErrorCode.UNAVAILABLE_DEPENDENCY, "the schema registry %s %s".formatted(url, what), cause);
    }
}
