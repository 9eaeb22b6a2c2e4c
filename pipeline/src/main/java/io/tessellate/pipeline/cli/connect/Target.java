package io.tessellate.pipeline.cli.connect;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.pipeline.reach.Reachability;
import io.tessellate.pipeline.rest.StackApi;
import io.tessellate.pipeline.stack.StackFile;
import io.tessellate.pipeline.stack.StackSettings;
import io.tessellate.runtime.config.DataDirectory;
import io.tessellate.runtime.config.KafkaSettings;
import java.nio.file.Path;
import java.util.Optional;

/** What a command speaks to: a configured cluster, or the stack that runs on the data directory. */
public sealed interface Target {
    /** The configured cluster, else the stack on the data directory; fails at once, and leaves no trace, where nothing runs. */
    static Target of(StackSettings settings) {
        return settings.external()
                .<Target>map(kafka -> new Cluster(kafka, settings.blobs()))
                .orElseGet(() -> new LocalStack(settings.data(), running(settings.data())));
    }

    private static StackFile running(DataDirectory data) {
        return StackFile.running(data)
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.UNAVAILABLE_DEPENDENCY,
                        "nothing runs on %s; start it with: tessellate up --data-dir %s".formatted(data, data)));
    }

    /** Looks after it from now on. */
    StackWatch watch();

    /** Its REST interface, if it is known to have one. */
    Optional<StackApi> api();

    /** Clients of it. */
    Connection connect();

    /** A broker and a schema registry that exist already. */
    record Cluster(KafkaSettings kafka, Path blobs) implements Target {
        @Override
        public StackWatch watch() {
            return RunningStackWatch.watch(
                    () -> true, "", kafka, "what was asked for goes on when it is back; see then: tessellate tasks");
        }

        @Override
        public Optional<StackApi> api() {
            return Optional.empty();
        }

        @Override
        public Connection connect() {
            Reachability.require(kafka);
            return new Connection(kafka, blobs);
        }
    }

    /** A stack of this machine. */
    record LocalStack(DataDirectory data, StackFile file) implements Target {
        @Override
        public StackWatch watch() {
            String again =
                    "start it again with: tessellate up --data-dir %s; what was pushed goes on there".formatted(data);
            return RunningStackWatch.watch(
                    this::runs,
                    "the stack on %s (process %d) has ended; %s".formatted(data, file.pid(), again),
                    kafka(),
                    "the stack on %s (process %d) hangs: stop it, then %s".formatted(data, file.pid(), again));
        }

        @Override
        public Optional<StackApi> api() {
            return Optional.of(new StackApi(file.http(), Path.of(file.token())));
        }

        private boolean runs() {
            return ProcessHandle.of(file.pid()).map(ProcessHandle::isAlive).orElse(false);
        }

        @Override
        public Connection connect() {
            return new Connection(kafka(), Path.of(file.blobs()));
        }

        private KafkaSettings kafka() {
            return file.kafka("cli");
        }
    }
}
