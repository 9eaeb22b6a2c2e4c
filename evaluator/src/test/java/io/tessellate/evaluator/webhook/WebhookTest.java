package io.tessellate.evaluator.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tessellate.error.TessellateException;
import io.tessellate.runtime.config.Configuration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTest {
    /** Key, message and signature that implementations of the specification publish as their own test. */
    private static final String KEY = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final String SECRET = "whsec_" + KEY;

    @Test
    void aSignatureIsThatOfThePublishedExample() {
        Webhook webhook = new Webhook("ops", URI.create("http://localhost/x"), List.of(secret(SECRET)));

        assertThat(webhook.headers(
                        "msg_p5jXN8AQM9LWM0D4loKWxJek", Instant.ofEpochSecond(1614265330), "{\"test\": 2432232314}"))
                .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("webhook-timestamp", "1614265330")
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void twoSecretsSignBoth() {
        Webhook webhook = new Webhook(
                "ops", URI.create("http://localhost/x"), List.of(secret(SECRET), secret("whsec_" + "A".repeat(32))));

        assertThat(webhook.headers("a", Instant.EPOCH, "{}")
                        .get("webhook-signature")
                        .split(" "))
                .hasSize(2)
                .allMatch(signature -> signature.startsWith("v1,"));
    }

    @ParameterizedTest
    @ValueSource(strings = {KEY, "whsec_%%%", "whsec_c2hvcnQ=", "", "whsec_"})
    void aSecretThatIsNoneIsRefusedAndNotShown(String text) {
        assertThatThrownBy(() -> WebhookSecret.parse("ops", text))
                .isInstanceOf(TessellateException.class)
                .hasMessageContaining("ops")
                .hasNoCause()
                .satisfies(e -> assertThat(text.length() > 6 && e.getMessage().contains(text))
                        .isFalse());
    }

    @Test
    void nothingOfASecretOrAnAddressIsInAText() {
        Webhook webhook = new Webhook("ops", URI.create("http://host/T0KEN"), List.of(secret(SECRET)));
        WebhookSettings settings = new WebhookSettings(
                List.of(webhook), Optional.empty(), WebhookSettings.NONE.backoff(), WebhookSettings.NONE.timeout());

        assertThat(settings.toString() + webhook.secrets()).contains("ops").doesNotContain(KEY, "T0KEN");
    }

    @Test
    void endpointsAreConfiguredByNameWithASecretOrAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        Map<String, String> flags = new HashMap<>();
        flags.put("tessellate.alerts.webhooks.ops.url", "https://ops.example/hook");
        flags.put("tessellate.alerts.webhooks.ops.secret", SECRET + " " + SECRET);
        flags.put("tessellate.alerts.webhooks.chat-room.url", "https://chat.example/hook");
        flags.put("tessellate.alerts.webhooks.chat-room.secret-file", file.toString());
        flags.put("tessellate.alerts.attempts", "3");
        flags.put("tessellate.alerts.page", "https://tess.example/");

        WebhookSettings settings = settings(flags, Map.of());

        assertThat(settings.endpoints()).extracting(Webhook::name).containsExactly("chat-room", "ops");
        assertThat(settings.endpoints().get(1).secrets()).hasSize(2);
        assertThat(settings.backoff().attempts()).isEqualTo(3);
        assertThat(settings.withPage("http://127.0.0.1:1").page()).contains("https://tess.example");
        assertThat(settings(Map.of(), Map.of()).endpoints()).isEmpty();
    }

    @Test
    void anEndpointMayStandInTheEnvironment() {
        WebhookSettings settings = settings(
                Map.of(),
                Map.of(
                        "TESSELLATE_ALERTS_WEBHOOKS_OPS_URL",
                        "https://ops.example/hook",
                        "TESSELLATE_ALERTS_WEBHOOKS_OPS_SECRET",
                        SECRET));

        assertThat(settings.endpoints()).extracting(Webhook::name).containsExactly("ops");
    }

    @Test
    void whatCannotBeAnEndpointIsRefusedByItsKeyAndNotShown() {
        String key = "tessellate.alerts.webhooks.ops.";
        assertThatThrownBy(() -> settings(Map.of(key + "url", "ftp://x/S3CRET", key + "secret", SECRET), Map.of()))
                .hasMessageContaining(key + "url")
                .hasMessageNotContaining("S3CRET");
        assertThatThrownBy(() -> settings(Map.of(key + "url", "http://x y/S3CRET", key + "secret", SECRET), Map.of()))
                .hasMessageContaining(key + "url")
                .hasNoCause()
                .hasMessageNotContaining("S3CRET");
        assertThatThrownBy(() -> settings(Map.of(key + "url", "http://x/"), Map.of()))
                .hasMessageContaining("needs a secret");
        assertThatThrownBy(() -> settings(Map.of("tessellate.alerts.attempts", "0"), Map.of()))
                .hasMessageContaining("attempts of 1 or more");
    }

    private static WebhookSettings settings(Map<String, String> flags, Map<String, String> environment) {
        return Configuration.load(List.of(AlertsConfig.class), Optional.empty(), environment, flags)
                .of(AlertsConfig.class)
                .settings();
    }

    private static WebhookSecret secret(String text) {
        return WebhookSecret.parse("ops", text);
    }
}
