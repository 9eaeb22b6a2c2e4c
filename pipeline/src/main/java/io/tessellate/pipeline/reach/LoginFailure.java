package io.tessellate.pipeline.reach;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Optional;
import javax.security.auth.login.LoginException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;

/** A connection that was refused, in our words. */
final class LoginFailure {
    private LoginFailure() {}

    /** What a failed first request means; empty where the broker knows who asks and only does not tell everything. */
    static Optional<TessellateException> of(String brokers, Security security, Throwable failure) {
        if (Causes.find(failure, AuthorizationException.class).isPresent()) {
            return Optional.empty();
        }
        if (Causes.find(failure, SslAuthenticationException.class).isPresent()) {
            return refused("TLS with the broker %s fails: %s".formatted(brokers, tls(failure)), failure);
        }
        if (Causes.find(failure, SaslAuthenticationException.class).isPresent()) {
            return refused(
                    "the broker %s refuses the login by %s: user name or password in tessellate.kafka.sasl.jaas.config is wrong"
                            .formatted(brokers, security.mechanism()),
                    failure);
        }
        return Optional.of(new TessellateException(
                ErrorCode.UNAVAILABLE_DEPENDENCY, "the broker %s does not answer".formatted(brokers), failure));
    }

    /** What of a TLS handshake went wrong. */
    static String tls(Throwable failure) {
        if (Causes.say(failure, "no subject alternative", "no name matching")) {
            return "its certificate is for another host name";
        }
        if (Causes.say(
                failure, "path building", "path validation", "trustanchors", "unable to find valid certification")) {
            return "its certificate is signed by nobody in the trust store (ssl.truststore.location)";
        }
        if (Causes.say(failure, "certificate_required", "bad_certificate", "certificate_unknown")) {
            return "it demands a certificate of the client that it trusts (ssl.keystore.location)";
        }
        if (Causes.say(failure, "unsupported or unrecognized", "plaintext connection")) {
            return "it does not speak TLS on that port";
        }
        return "the handshake ends without agreement";
    }

    /** Settings from which no client can be made. */
    static TessellateException unusable(KafkaException failure) {
        if (Causes.find(failure, LoginException.class).isPresent()
                || Causes.say(failure, "jaas config", "jaas configuration")) {
            return new TessellateException(
                    ErrorCode.INVALID_CONFIGURATION,
                    "tessellate.kafka.sasl.jaas.config is missing or cannot be used for that mechanism",
                    failure);
        }
        return new TessellateException(
                ErrorCode.INVALID_CONFIGURATION,
                "the settings below tessellate.kafka cannot be used: "
                        + Causes.root(failure).getMessage(),
                failure);
    }

    private static Optional<TessellateException> refused(String message, Throwable failure) {
        return Optional.of(new TessellateException(ErrorCode.NOT_AUTHENTICATED, message, failure));
    }
}
