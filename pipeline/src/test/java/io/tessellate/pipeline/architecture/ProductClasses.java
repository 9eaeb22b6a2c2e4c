package io.tessellate.pipeline.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/** The classes under test: every module's main classes, read once. */
final class ProductClasses {

    /** Avro writes these; the house's rules of style are not for them. */
    static final String GENERATED = "io.tessellate.event..";

    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.tessellate");

    static final JavaClasses WRITTEN_BY_HAND = ALL.that(not(resideInAPackage(GENERATED)));

    private ProductClasses() {}
}
