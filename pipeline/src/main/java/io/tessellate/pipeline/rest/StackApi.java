package io.tessellate.pipeline.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import io.tessellate.error.TessellateException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks a running stack. It has read the topics already, and a question costs a command no more than this: no client of
 * Kafka, no log to read again.
 */
public final class StackApi {
    private static final int CONNECT_MILLIS = 3000;
    private static final int OK = 200;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI address;
    private final Optional<Path> token;

    /** The interface at a stack's address, for reading. */
    public StackApi(String address) {
        this(address, Optional.empty());
    }

    /** The same with the file that holds the token, which all but reads need. */
    public StackApi(String address, Path token) {
        this(address, Optional.of(token));
    }

    private StackApi(String address, Optional<Path> token) {
        this.address = URI.create(address);
        this.token = token;
    }

    /**
     * Posts a value as JSON.
     *
     * @param path with its parameters, for example {@code /api/v1/models/glue/tasks/sst2/predictions}
     * @return the answer
     * @throws TessellateException what the stack says against it; retriable where it may say otherwise later
     */
    public JsonNode post(String path, Object value) {
        try {
            HttpURLConnection connection = posted(path, value);
            boolean ok = connection.getResponseCode() == OK;
            try (InputStream in = ok ? connection.getInputStream() : connection.getErrorStream()) {
                JsonNode answer = JSON.readTree(in == null ? new byte[0] : in.readAllBytes());
                if (ok) {
                    return answer;
                }
                throw failure(answer);
            }
        } catch (IOException e) {
            throw silent(e);
        }
    }

    private HttpURLConnection posted(String path, Object value) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) address.resolve(path).toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        if (token.isPresent()) {
            String secret = Files.readString(token.get()).strip();
            connection.setRequestProperty("Authorization", "Bearer " + secret);
        }
        try (OutputStream out = connection.getOutputStream()) {
            out.write(JSON.writeValueAsBytes(value));
        }
        return connection;
    }

    private RetriableException silent(IOException e) {
        return new RetriableException(
                ErrorCode.UNAVAILABLE_DEPENDENCY, "%s does not answer: %s".formatted(address, e.getMessage()), e);
    }

    /**
     * Posts a question that takes long to answer, and stays until it is answered.
     *
     * @param progress takes what is said on the way
     * @return the result
     * @throws TessellateException what the stack says against it, at once or later; retriable where it may say otherwise later
     */
    public JsonNode ask(String path, Object value, Consumer<JsonNode> progress) {
        try {
            HttpURLConnection connection = posted(path, value);
            if (connection.getResponseCode() != OK) {
                try (InputStream in = connection.getErrorStream()) {
                    throw failure(JSON.readTree(in == null ? new byte[0] : in.readAllBytes()));
                }
            }
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                return result(lines, progress);
            }
        } catch (IOException e) {
            throw silent(e);
        }
    }

    private static JsonNode result(BufferedReader lines, Consumer<JsonNode> progress) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JsonNode json = line.isBlank() ? JSON.createObjectNode() : JSON.readTree(line);
            if (json.has("result")) {
                return json.get("result");
            }
            if (json.has("error")) {
                throw failure(json.get("error"));
            }
            if (json.has("progress")) {
                progress.accept(json.get("progress"));
            }
        }
        throw new EOFException("it hung up before the answer was there");
    }

    private static TessellateException failure(JsonNode problem) {
        ErrorCode code = VerdictHeader.code(problem.path("code").asText());
        String detail =
                problem.path(problem.has("detail") ? "detail" : "message").asText();
        return code.category() == ErrorCode.Category.UNAVAILABLE
                ? new RetriableException(code, detail)
                : new TessellateException(code, detail);
    }

    /**
     * An answer.
     *
     * @param body as it is to be printed
     * @param verdict what is wrong with the thing it is about
     */
    public record Answer(String body, Optional<TessellateException> verdict) {}

    /**
     * Asks for a report.
     *
     * @param report its name with its parameters, for example {@code matrix?model=glue}
     * @param json whether JSON is wanted, not the table
     * @return empty where this stack does not answer such questions, so that its topics have to be read
     * @throws TessellateException what the stack says against the question
     */
    public Optional<Answer> report(String report, boolean json) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    address.resolve("/api/v1/reports/" + report).toURL().openConnection();
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setRequestProperty("Accept", json ? "application/json" : "text/plain");
            return answer(connection);
        } catch (IOException e) {
            // It has just gone, or hangs up: whoever reads its topics will see.
            return Optional.empty();
        }
    }

    private static Optional<Answer> answer(HttpURLConnection connection) throws IOException {
        if (connection.getResponseCode() != OK) {
            try (InputStream in = connection.getErrorStream()) {
                return refusal(in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        try (InputStream in = connection.getInputStream()) {
            String verdict = connection.getHeaderField(VerdictHeader.HEADER);
            return Optional.of(new Answer(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8),
                    Optional.ofNullable(verdict).map(VerdictHeader::parse)));
        }
    }

    private static Optional<Answer> refusal(String body) throws IOException {
        JsonNode problem = JSON.readTree(body);
        String code = problem.path("code").asText();
        if (code.isEmpty() || code.equals(ErrorCode.NOT_FOUND_ROUTE.name())) {
            return Optional.empty();
        }
        throw new TessellateException(
                VerdictHeader.code(code), problem.path("detail").asText());
    }
}
