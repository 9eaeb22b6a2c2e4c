package io.tessellate.pipeline.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HubModelsTest {
    private static final HubReference MODEL = HubReference.parse("hf:org/small");
    private static final int SIZE = 300_000;

    private final FakeHub hub = new FakeHub().with("config.json", "{}").with("tokenizer.json", "{\"a\":1}");
    private final List<String> progress = new ArrayList<>();
    private final byte[] weights = bytes(1);

    @TempDir
    private Path cache;

    @AfterEach
    void close() {
        hub.close();
    }

    private static byte[] bytes(int seed) {
        byte[] bytes = new byte[SIZE];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private HubSettings settings(URI endpoint, Optional<String> token) {
        return new HubSettings(endpoint, token, cache, 3, Duration.ZERO);
    }

    private HubModels models(Optional<String> token) {
        return new HubModels(
                settings(hub.endpoint(), token), (file, done, total) -> progress.add(file + " " + done + "/" + total));
    }

    private Path fetch() {
        return models(Optional.empty()).fetch(MODEL);
    }

    private void assertFails(ErrorCode code, String message) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(this::fetch)
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aModelIsLaidUnderItsCommitAndNotFetchedAgain() throws IOException {
        hub.with("model.safetensors", weights)
                .with("pytorch_model.bin", "no")
                .with(".gitattributes", "no")
                .with("modeling.py", "no")
                .with("chat_template.jinja", "{{ messages }}")
                .with("vocab.txt", "a\nb\n");
        Path directory = fetch();
        assertThat(directory).isEqualTo(cache.resolve("org--small").resolve(FakeHub.COMMIT));
        assertThat(directory.resolve("model.safetensors")).hasBinaryContent(weights);
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "config.json", "tokenizer.json", "vocab.txt", "chat_template.jinja", "model.safetensors");
        }
        assertThat(progress).contains("model.safetensors %d/%d".formatted(SIZE, SIZE), "config.json 2/2");

        int before = hub.requests().size();
        assertThat(fetch()).isEqualTo(directory);
        assertThat(hub.requests()).hasSize(before + 1);
    }

    @Test
    void aTransferThatBreaksOffGoesOnWhereItWas() {
        hub.with("model.safetensors", weights).breakingOff(2);
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(weights);
        assertThat(hub.requests().stream().filter(request -> request.startsWith("store")))
                .hasSize(3)
                .last()
                .isNotEqualTo("store model.safetensors from 0");
    }

    @Test
    void aLaterRunGoesOnWhereTheAttemptsOfTheFirstRanOut() {
        hub.with("model.safetensors", weights).breakingOff(3);
        assertFails(ErrorCode.UNAVAILABLE_DEPENDENCY, "could not be fetched");
        assertThat(cache.resolve("org--small").resolve(FakeHub.COMMIT)).doesNotExist();
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(weights);
        List<String> requests = hub.requests();
        assertThat(requests.get(requests.size() - 1))
                .startsWith("store model.safetensors from ")
                .doesNotEndWith(" 0");
    }

    @Test
    void aServerThatKnowsNoRangesIsReadFromTheStartAgain() {
        hub.with("model.safetensors", weights).breakingOff(1).ignoringRanges();
        assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(weights);
    }

    @Test
    void otherBytesThanAnnouncedAreRefusedAndThrownAway() throws IOException {
        hub.with("model.safetensors", weights).lying();
        assertFails(ErrorCode.DIGEST_MISMATCH, "model.safetensors as downloaded has the SHA-256 ");
        try (var files = Files.walk(cache)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("config.json")
                    .noneMatch(name -> name.startsWith("model"));
        }
    }

    @Test
    void aTextTooLargeToBelongToAModelIsNotFetched() {
        hub.with("model.safetensors", weights).announcing("corpus.txt", 17L << 20);
        assertThat(fetch().resolve("corpus.txt")).doesNotExist();
    }

    @Test
    void shardsFollowFromTheIndex() {
        byte[] second = bytes(2);
        hub.with(
                        "model.safetensors.index.json",
                        "{\"weight_map\":{\"a\":\"m-1.safetensors\",\"b\":\"m-2.safetensors\"}}")
                .with("m-1.safetensors", weights)
                .with("m-2.safetensors", second);
        Path directory = fetch();
        assertThat(directory.resolve("m-1.safetensors")).hasBinaryContent(weights);
        assertThat(directory.resolve("m-2.safetensors")).hasBinaryContent(second);
    }

    @Test
    void anIndexCannotNameAFileElsewhere() {
        hub.with("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"../../x.safetensors\"}}");
        assertFails(ErrorCode.MALFORMED_FILE, "names a shard '../../x.safetensors'");
    }

    @Test
    void theTokenIsShownToTheHubAndToNobodyElse() {
        hub.with("model.safetensors", weights).gated();
        assertFails(ErrorCode.NO_TOKEN, "is private or gated; set HF_TOKEN");
        models(Optional.of(FakeHub.TOKEN)).fetch(MODEL);
        assertThat(hub.tokensAtStore()).isEmpty();
        assertThat(settings(hub.endpoint(), Optional.of(FakeHub.TOKEN)).toString())
                .doesNotContain(FakeHub.TOKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "404, RepoNotFound, INVALID_ARGUMENT, knows no repository or revision",
        "404, RevisionNotFound, INVALID_ARGUMENT, knows no repository or revision",
        "401, RepoNotFound, INVALID_ARGUMENT, 'if it is private, set HF_TOKEN'",
        "403, GatedRepo, NO_TOKEN, private or gated",
        "503, '', UNAVAILABLE_DEPENDENCY, in 3 attempts: the Hub answered 503",
        "400, '', UNAVAILABLE_DEPENDENCY, the Hub answered 400",
    })
    void everyRefusalSaysWhatToDo(int status, String reason, ErrorCode code, String message) {
        hub.refusing(status, reason);
        assertFails(code, message);
    }

    @Test
    void aModelWithoutSafetensorsOrTokenizerIsRefusedBeforeAnythingIsFetched() {
        assertFails(ErrorCode.UNSUPPORTED_MODEL, "hf:org/small has no weights in safetensors");
        hub.with("pytorch_model.bin", "no");
        assertFails(ErrorCode.UNSUPPORTED_MODEL, "only pickled ones, which are never read");
        try (FakeHub bare = new FakeHub().with("config.json", "{}")) {
            HubModels models = new HubModels(settings(bare.endpoint(), Optional.empty()), (file, done, total) -> {});
            assertThatExceptionOfType(TessellateException.class)
                    .isThrownBy(() -> models.fetch(MODEL))
                    .withMessage("hf:org/small has no tokenizer.json");
        }
    }

    @Test
    void aDiskWithTooLittleRoomIsNoticedBeforeItIsFull() {
        hub.with("model.safetensors", weights);
        HubModels models =
                new HubModels(settings(hub.endpoint(), Optional.empty()), (file, done, total) -> {}, path -> 100_000);
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> models.fetch(MODEL))
                .withMessageContaining("model.safetensors needs 300000 more bytes, but only 100000 are free")
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE));
    }

    @Test
    void nobodyListeningIsSaidWithTheAddress() {
        URI endpoint = hub.endpoint();
        hub.close();
        HubModels models = new HubModels(settings(endpoint, Optional.empty()), (file, done, total) -> {});
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> models.fetch(MODEL))
                .withMessageContaining("could not be fetched from " + endpoint)
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE_DEPENDENCY));
    }

    @Test
    void referencesAreReadWithAndWithoutRevision() {
        assertThat(HubReference.parse("hf:org/name@v1.0/x")).isEqualTo(new HubReference("org/name", "v1.0/x"));
        assertThat(HubReference.parse("hf:gpt2")).isEqualTo(new HubReference("gpt2", "main"));
        assertThat(HubReference.parse("hf:org/name")).hasToString("hf:org/name");
        assertThat(HubReference.parse("hf:org/name@v1")).hasToString("hf:org/name@v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf:", "hf:a/b/c", "hf:../x", "hf:a/..", "hf:a b", "hf:a@", "hf:a@../b", "hf:a?x=1"})
    void whatCannotBeAModelIsRefused(String text) {
        assertThatExceptionOfType(TessellateException.class)
                .isThrownBy(() -> HubReference.parse(text))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void theEndpointIsThePublicOneUnlessGiven() {
        assertThat(HubSettings.of(Optional.empty(), Optional.of(" "), cache))
                .satisfies(settings -> assertThat(settings.endpoint()).hasToString("https://huggingface.co"))
                .satisfies(settings -> assertThat(settings.token()).isEmpty());
        assertThat(HubSettings.of(Optional.of("http://mirror:8080/"), Optional.empty(), cache)
                        .endpoint())
                .hasToString("http://mirror:8080");
    }
}
