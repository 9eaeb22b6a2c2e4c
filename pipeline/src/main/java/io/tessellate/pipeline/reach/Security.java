package io.tessellate.pipeline.reach;

import java.util.Locale;
import java.util.Map;

/**
 * How clients are told to speak to the broker.
 *
 * @param protocol Kafka's name for it
 * @param mechanism what SASL logs in with, where the protocol has SASL
 */
record Security(String protocol, String mechanism) {
    static Security of(Map<String, String> properties) {
        return new Security(
                properties.getOrDefault("security.protocol", "PLAINTEXT").toUpperCase(Locale.ROOT),
                properties.getOrDefault("sasl.mechanism", "GSSAPI"));
    }

    boolean tls() {
        return protocol.endsWith("SSL");
    }

    boolean sasl() {
        return protocol.startsWith("SASL_");
    }
}
