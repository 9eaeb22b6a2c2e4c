package io.tessellate.pipeline.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: schemas, runtime, services, pipeline; masks, engine, services. */
@Tag("architecture")
class ModuleDirectionTest {

    private static final List<String> SCHEMAS = List.of(
            "io.tessellate.event..",
            "io.tessellate.id..",
            "io.tessellate.text..",
            "io.tessellate.error..",
            "io.tessellate.topic..",
            "io.tessellate.file..");
    private static final List<String> MASKS = List.of(
            "io.tessellate.mask..",
            "io.tessellate.safetensors..",
            "io.tessellate.lineage..",
            "io.tessellate.method..",
            "io.tessellate.recipe..");

    /** Lies in the registry's package, since it is its other end, and in a module of its own. */
    private static final String CLIENT = "io.tessellate.registry.client..";

    @Test
    void modulesDependInOneDirectionOnly() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("schemas")
                .definedBy(SCHEMAS.toArray(String[]::new))
                .layer("runtime")
                .definedBy("io.tessellate.runtime..")
                .layer("masks")
                .definedBy(MASKS.toArray(String[]::new))
                .layer("datasets")
                .definedBy("io.tessellate.dataset..", "io.tessellate.template..")
                .layer("engine")
                .definedBy("io.tessellate.engine..")
                .layer("experiments")
                .definedBy("io.tessellate.experiment..")
                .layer("client")
                .definedBy(CLIENT)
                .layer("registry")
                .definedBy(resideInAPackage("io.tessellate.registry..").and(not(resideInAPackage(CLIENT))))
                .layer("worker")
                .definedBy("io.tessellate.worker..")
                .layer("ingest")
                .definedBy("io.tessellate.ingest..")
                .layer("evaluator")
                .definedBy("io.tessellate.evaluator..")
                .layer("predictor")
                .definedBy("io.tessellate.predictor..")
                .layer("pipeline")
                .definedBy("io.tessellate.pipeline..")
                .whereLayer("schemas")
                .mayNotAccessAnyLayer()
                .whereLayer("runtime")
                .mayOnlyAccessLayers("schemas")
                .whereLayer("masks")
                .mayOnlyAccessLayers("schemas")
                .whereLayer("datasets")
                .mayOnlyAccessLayers("schemas", "masks")
                .whereLayer("engine")
                .mayOnlyAccessLayers("schemas", "masks", "datasets")
                .whereLayer("experiments")
                .mayOnlyAccessLayers("schemas", "masks", "datasets", "engine")
                .whereLayer("ingest")
                .mayOnlyAccessLayers("schemas", "runtime", "masks", "client", "datasets")
                .whereLayer("client")
                .mayOnlyAccessLayers("schemas", "runtime", "masks", "datasets")
                .whereLayer("registry")
                .mayOnlyAccessLayers("schemas", "runtime", "masks", "client")
                .whereLayer("worker")
                .mayOnlyAccessLayers("schemas", "runtime", "masks", "client", "datasets", "engine")
                .whereLayer("evaluator")
                .mayOnlyAccessLayers("schemas", "runtime", "masks", "client", "datasets", "engine")
                .whereLayer("predictor")
                .mayOnlyAccessLayers("schemas", "runtime", "masks", "client", "datasets", "engine")
                .whereLayer("pipeline")
                .mayNotBeAccessedByAnyLayer()
                .check(ProductClasses.ALL);
    }

    @Test
    void everyClassBelongsToAModule() {
        Predicate<JavaClass> housed = type -> List.of(
                        "event",
                        "id",
                        "error",
                        "text",
                        "topic",
                        "dataset",
                        "template",
                        "file",
                        "method",
                        "experiment",
                        "recipe",
                        "mask",
                        "safetensors",
                        "lineage",
                        "runtime",
                        "engine",
                        "registry",
                        "worker",
                        "ingest",
                        "evaluator",
                        "predictor",
                        "pipeline")
                .contains(type.getPackageName().split("\\.", 4)[2]);
        assertThat(ProductClasses.ALL).isNotEmpty().allMatch(housed);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().matching("io.tessellate.(**)").should().beFreeOfCycles().check(ProductClasses.WRITTEN_BY_HAND);
    }
}
