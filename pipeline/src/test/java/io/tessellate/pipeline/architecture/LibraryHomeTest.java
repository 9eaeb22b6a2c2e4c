package io.tessellate.pipeline.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each library has its permitted homes, and really lives there: a rule about nobody would hold nothing. */
@Tag("architecture")
class LibraryHomeTest {

    private record Library(String name, String[] packages, String[] homes) {

        Library at(String... permitted) {
            return new Library(name, packages, permitted);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Library library(String name, String... packages) {
        return new Library(name, packages, new String[0]);
    }

    static Stream<Library> libraries() {
        return Stream.of(
                library("ND4J", "org.nd4j..", "org.bytedeco..").at("io.tessellate.engine.backend.."),
                library("JNA", "com.sun.jna..")
                        .at("io.tessellate.engine.backend.torch..", "io.tessellate.engine.backend.nd4j.."),
                library("tokenizers", "ai.djl..").at("io.tessellate.engine.tokenizer.."),
                library("Kafka Streams", "org.apache.kafka.streams..")
                        .at(
                                "io.tessellate.ingest..",
                                "io.tessellate.registry..",
                                "io.tessellate.evaluator..",
                                "io.tessellate.runtime.kafka..",
                                "io.tessellate.runtime.metrics.."),
                library(
                                "Kafka's broker",
                                "kafka..",
                                "scala..",
                                "org.apache.kafka.raft..",
                                "org.apache.kafka.metadata..")
                        .at("io.tessellate.pipeline.broker.."),
                library("HTTP", "io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..", "java.net.http..")
                        .at("io.tessellate..http..", "io.tessellate..dashboard..", "io.tessellate.pipeline.."),
                library("Confluent's client", "io.confluent..")
                        .at(
                                "io.tessellate.topic..",
                                "io.tessellate.dataset..",
                                "io.tessellate.runtime.kafka..",
                                "io.tessellate.ingest..",
                                "io.tessellate.pipeline.."),
                library("command line", "picocli..").at("io.tessellate.pipeline.cli.."),
                library("log back end", "ch.qos.logback..")
                        .at("io.tessellate.pipeline..", "io.tessellate.runtime.log.."));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryIsUsedInItsHomesOnly(Library library) {
        noClasses()
                .that()
                .resideOutsideOfPackages(library.homes())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library.packages())
                .check(ProductClasses.ALL);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aLibraryIsUsedInItsHomes(Library library) {
        assertThat(ProductClasses.ALL.that(resideInAnyPackage(library.homes())))
                .anyMatch(type -> dependsOn(type, library.packages()));
    }

    private static boolean dependsOn(JavaClass type, String... packages) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .anyMatch(resideInAnyPackage(packages));
    }

    @Test
    void theEngineKnowsNeitherKafkaNorAvro() {
        noClasses()
                .that()
                .resideInAPackage("io.tessellate.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", ProductClasses.GENERATED)
                .check(ProductClasses.ALL);
    }

    @Test
    void masksAndWeightFilesKnowNeitherKafkaNorAvro() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.tessellate.mask..",
                        "io.tessellate.safetensors..",
                        "io.tessellate.id..",
                        "io.tessellate.text..",
                        "io.tessellate.error..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", ProductClasses.GENERATED)
                .check(ProductClasses.ALL);
    }

    /** The classes of a module that may know what a topic holds; {@code *} stands for a part of a name. */
    private record Edge(String module, String... classes) {
        boolean has(JavaClass type) {
            String name = type.getName().split("\\$")[0];
            return Stream.of(classes)
                    .map(known ->
                            "io\\.tessellate\\." + known.replace(".", "\\.").replace("*", "\\w*"))
                    .anyMatch(name::matches);
        }
    }

    /** Codecs, what reads or writes a topic, and the history checker, which must not see topics through another's reading. */
    static Stream<Edge> edges() {
        return Stream.of(
                new Edge("schemas", "topic.TopicCatalogue", "topic.Envelope"),
                new Edge(
                        "masks",
                        "lineage.log.AvroWriter",
                        "lineage.log.RegistryCommands",
                        "lineage.log.InterventionCodec",
                        "lineage.log.RaceCodec",
                        "lineage.log.RegistryEventCodec"),
                new Edge(
                        "datasets",
                        "dataset.manifest.ManifestCodec",
                        "dataset.manifest.ManifestValidation",
                        "dataset.log.ClosedDatasetCodec",
                        "dataset.record.FileRecords",
                        "dataset.folder.MetaFile",
                        "dataset.folder.DecodingField"),
                new Edge("client", "registry.client.*"),
                new Edge(
                        "registry",
                        "registry.command.CommandForm",
                        "registry.command.CommandReader",
                        "registry.topology.*"),
                new Edge(
                        "ingest",
                        "ingest.FirstResults",
                        "ingest.arrival.Outbox",
                        "ingest.arrival.Output",
                        "ingest.attempt.AcceptedManifest",
                        "ingest.attempt.Datasets",
                        "ingest.attempt.ManifestHandler"),
                new Edge(
                        "worker",
                        "worker.LaneWork",
                        "worker.TaskWork",
                        "worker.ParallelHandover",
                        "worker.RunEvents",
                        "worker.NextWorker",
                        "worker.RunExecution",
                        "worker.RunPublication",
                        "worker.TrainingLog"),
                new Edge(
                        "evaluator",
                        "evaluator.alarm.DatasetAlarm",
                        "evaluator.alarm.TrainingAlarm",
                        "evaluator.alert.AlertCodec",
                        "evaluator.alert.AlertDesk",
                        "evaluator.alert.AlertUpdateCodec",
                        "evaluator.analysis.AnalysisLog",
                        "evaluator.live.LiveCodec",
                        "evaluator.live.LiveProcessor",
                        "evaluator.matrix.EvaluationCodec",
                        "evaluator.matrix.Matrix*",
                        "evaluator.matrix.RowCodec",
                        "evaluator.matrix.VerdictCodec",
                        "evaluator.scoring.Evaluation*",
                        "evaluator.topology.AlarmProcessor",
                        "evaluator.topology.DeadLetterProcessor",
                        "evaluator.topology.GateCodec",
                        "evaluator.topology.MatrixTopology",
                        "evaluator.topology.RaisedAlerts",
                        "evaluator.topology.StoredMatrixState",
                        "evaluator.view.*",
                        "evaluator.webhook.DeliveryLoop"),
                new Edge(
                        "predictor",
                        "predictor.topic.AnswerLog",
                        "predictor.topic.PredictionEvents",
                        "predictor.topic.PredictionLog"),
                new Edge(
                        "pipeline",
                        "pipeline.check.*",
                        "pipeline.check.topic.*",
                        "pipeline.reproduce.RecordedRun",
                        "pipeline.push.*",
                        "pipeline.unused.RemovalLog",
                        "pipeline.cli.PushCommand",
                        "pipeline.cli.option.DecodingOptions",
                        "pipeline.cli.option.RecipeOptions",
                        "pipeline.demo.DemoPlan"));
    }

    @Test
    void generatedClassesStopAtTheEdgeOfEveryModule() {
        List<Edge> edges = edges().toList();
        List<String> deep = ProductClasses.WRITTEN_BY_HAND.stream()
                .filter(type -> dependsOn(type, ProductClasses.GENERATED))
                .filter(type -> edges.stream().noneMatch(edge -> edge.has(type)))
                .map(JavaClass::getName)
                .toList();
        assertThat(deep).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("edges")
    void everyEdgeIsOne(Edge edge) {
        assertThat(Stream.of(edge.classes()))
                .allMatch(known -> ProductClasses.WRITTEN_BY_HAND.stream()
                        .filter(type -> new Edge(edge.module(), known).has(type))
                        .anyMatch(type -> dependsOn(type, ProductClasses.GENERATED)));
    }

    @Test
    void whatOtherLibrariesBringAlongIsNotUsed() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.commons..",
                        "org.nd4j.shade..",
                        "com.google..",
                        "com.google.gson..",
                        "it.unimi.dsi..",
                        "org.jetbrains..",
                        "java.util.logging..",
                        "org.apache.log4j..",
                        "org.apache.logging..")
                .check(ProductClasses.ALL);
    }
}
