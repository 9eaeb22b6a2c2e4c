package io.tessellate.evaluator.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an endpoint and we both know, and nobody else: it makes the signatures of the Standard Webhooks specification. It is never
 * printed, in no message either.
 */
public final class WebhookSecret {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int FEWEST_BYTES = 24;
    private static final int MOST_BYTES = 64;

    private final byte[] key;

    private WebhookSecret(byte[] key) {
        this.key = key;
    }

    /**
     * Reads {@code whsec_} and base64 of 24 to 64 bytes.
     *
     * @param owner what is configured with it, for the message
     */
    public static WebhookSecret parse(String owner, String text) {
        String stripped = text.strip();
        if (!stripped.startsWith(PREFIX)) {
            throw unusable(owner);
        }
        byte[] key;
        try {
            key = Base64.getDecoder().decode(stripped.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            // Its message would show what it could not read, and so a part of the secret.
            throw unusable(owner);
        }
        if (key.length < FEWEST_BYTES || key.length > MOST_BYTES) {
            throw unusable(owner);
        }
        return new WebhookSecret(key);
    }

    private static TessellateException unusable(String owner) {
        return new TessellateException(
                ErrorCode.INVALID_CONFIGURATION,
                "the secret of %s must be '%s' and base64 of %d to %d random bytes; it is not shown here"
                        .formatted(owner, PREFIX, FEWEST_BYTES, MOST_BYTES));
    }

    /** {@code v1,} and base64 of HMAC-SHA256 over {@code id.timestamp.body}, the timestamp in seconds. */
    public String signature(String id, Instant at, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            byte[] signed = mac.doFinal(
                    "%s.%d.%s".formatted(id, at.getEpochSecond(), body).getBytes(UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signed);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java machine has " + ALGORITHM, e);
        }
    }

    /** Says nothing of it. */
    @Override
    public String toString() {
        return PREFIX + "(hidden)";
    }
}
