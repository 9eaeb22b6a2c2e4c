package io.tessellate.pipeline.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.reach.Reachability;
import io.tessellate.runtime.config.KafkaSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with listeners for clear text, TLS and logins, and clients that get it right and wrong. */
class SecuredBrokerIT {
    private static final String PASSWORD = "changeit";
    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\"";

    @TempDir
    private static Path data;

    private static EmbeddedBroker broker;
    private static int login;
    private static int tls;
    private static Path store;

    @BeforeAll
    static void start() throws Exception {
        Ports ports = Ports.of(data);
        login = ports.port("login", 0);
        tls = ports.port("tls", 0);
        store = keys();
        Map<String, Object> more = new HashMap<>();
        more.put("listeners", ",LOGIN://127.0.0.1:%d,TLS://127.0.0.1:%d".formatted(login, tls));
        more.put("advertised.listeners", ",LOGIN://127.0.0.1:%d,TLS://127.0.0.1:%d".formatted(login, tls));
        more.put("listener.security.protocol.map", ",LOGIN:SASL_PLAINTEXT,TLS:SSL");
        more.put("listener.name.login.sasl.enabled.mechanisms", "PLAIN");
        more.put(
                "listener.name.login.plain.sasl.jaas.config",
                LOGIN.formatted("broker", "b") + " user_broker=\"b\" user_ann=\"right\";");
        more.put("ssl.keystore.location", store.toString());
        more.put("ssl.keystore.password", PASSWORD);
        broker = new EmbeddedBroker(data.resolve("kafka"), ports, 0, more);
        broker.start();
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void aBrokerWithoutSecretsIsReached() {
        assertThatCode(() -> require(broker.bootstrapServers(), Map.of())).doesNotThrowAnyException();
    }

    @Test
    void aBrokerThatDemandsALoginSaysSoToWhoComesWithout() {
        refused(ErrorCode.NOT_AUTHENTICATED, "127.0.0.1:" + login, Map.of())
                .hasMessageContaining("demands a login by SASL (PLAIN)")
                .hasMessageContaining("tessellate.kafka.sasl.jaas.config");
    }

    @Test
    void theRightPasswordIsAcceptedAndAWrongOneIsNamed() {
        assertThatCode(() -> require("127.0.0.1:" + login, as("ann", "right"))).doesNotThrowAnyException();
        refused(ErrorCode.NOT_AUTHENTICATED, "127.0.0.1:" + login, as("ann", "wrong"))
                .hasMessageContaining("refuses the login by PLAIN: user name or password")
                .hasMessageContaining("is wrong");
    }

    @Test
    void aMechanismThatTheBrokerDoesNotHaveIsNamedWithThoseItHas() {
        Map<String, String> scram = new HashMap<>(as("ann", "right"));
        scram.put("sasl.mechanism", "SCRAM-SHA-512");
        refused(ErrorCode.NOT_AUTHENTICATED, "127.0.0.1:" + login, scram)
                .hasMessageContaining("accepts no login by SCRAM-SHA-512, only by PLAIN");
    }

    @Test
    void aLoginWithoutCredentialsIsAMatterOfConfiguration() {
        refused(
                        ErrorCode.INVALID_CONFIGURATION,
                        "127.0.0.1:" + login,
                        Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN"))
                .hasMessageContaining("sasl.jaas.config is missing");
    }

    @Test
    void aLoginWhereNoneIsAskedForIsNamed() {
        refused(ErrorCode.NOT_AUTHENTICATED, broker.bootstrapServers(), as("ann", "right"))
                .hasMessageContaining("asks for no login on that port");
    }

    @Test
    void plainTextToATlsPortIsNamed() {
        refused(ErrorCode.NOT_AUTHENTICATED, "127.0.0.1:" + tls, Map.of()).hasMessageContaining("demands TLS");
    }

    @Test
    void tlsToAPlainPortIsNamed() {
        refused(ErrorCode.NOT_AUTHENTICATED, broker.bootstrapServers(), Map.of("security.protocol", "SSL"))
                .hasMessageContaining("speaks plain text on that port");
    }

    @Test
    void aCertificateThatNobodyTrustsIsNamedAndATrustedOneIsAccepted() {
        refused(ErrorCode.NOT_AUTHENTICATED, "127.0.0.1:" + tls, Map.of("security.protocol", "SSL"))
                .hasMessageContaining("signed by nobody in the trust store");
        assertThatCode(() -> require(
                        "127.0.0.1:" + tls,
                        Map.of(
                                "security.protocol",
                                "SSL",
                                "ssl.truststore.location",
                                store.toString(),
                                "ssl.truststore.password",
                                PASSWORD)))
                .doesNotThrowAnyException();
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(
            ErrorCode code, String address, Map<String, String> properties) {
        return assertThatThrownBy(() -> require(address, properties))
                .isInstanceOfSatisfying(
                        TessellateException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    private static void require(String brokers, Map<String, String> properties) {
        KafkaSettings usual = KafkaSettings.of(brokers, "mock://secured");
        Reachability.require(new KafkaSettings(brokers, usual.schemaRegistryUrl(), properties, usual.topics(), "test"));
    }

    private static Map<String, String> as(String user, String password) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                LOGIN.formatted(user, password) + ";");
    }

    private static Path keys() throws Exception {
        Path file = data.resolve("keys.p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.exists(file)).isTrue();
        return file;
    }
}
