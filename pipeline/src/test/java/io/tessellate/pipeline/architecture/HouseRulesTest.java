package io.tessellate.pipeline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house that hold for every class written by hand. */
@Tag("architecture")
class HouseRulesTest {

    private static final List<Class<?>> MEANINGLESS =
            List.of(Throwable.class, Exception.class, RuntimeException.class, Error.class);

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.tessellate.pipeline.cli..", "io.tessellate.pipeline.terminal..")
                .should(ACCESS_STANDARD_STREAMS)
                .check(ProductClasses.WRITTEN_BY_HAND);
    }

    @Test
    void thereIsNoStaticState() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .check(ProductClasses.WRITTEN_BY_HAND);
    }

    @Test
    void whatIsThrownHasAMeaning() {
        noClasses()
                .should()
                .callConstructorWhere(sayNothing())
                .because("callers can tell a TessellateException's code and an IllegalStateException's defect apart")
                .check(ProductClasses.WRITTEN_BY_HAND);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Impl)").check(ProductClasses.WRITTEN_BY_HAND);
    }

    @Test
    void aNameIsGivenToOneClass() {
        Map<String, List<String>> homes = ProductClasses.WRITTEN_BY_HAND.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName, Collectors.mapping(JavaClass::getPackageName, Collectors.toList())));
        homes.values().removeIf(packages -> packages.size() == 1);
        assertThat(homes).isEmpty();
    }

    @Test
    void theHouseIsDrawnAsItIs() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "architecture.md"));
        String rooms = page.substring(page.indexOf("### The rooms"), page.indexOf("## 3."));
        List<String> drawn = Pattern.compile("`([a-z.0-9]+)`")
                .matcher(rooms.substring(rooms.indexOf("| module |")))
                .results()
                .map(room -> "io.tessellate." + room.group(1))
                .toList();
        assertThat(drawn)
                .containsExactlyInAnyOrderElementsOf(ProductClasses.ALL.stream()
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toSet()));
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = ProductClasses.WRITTEN_BY_HAND.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(HouseRulesTest::isNotNullMarked)
                .map(JavaPackage::getName)
                .collect(Collectors.toSet());
        assertThat(unmarked).isEmpty();
    }

    /** How small the pieces are, as numbers. A kernel may be larger where its own comment says why. */
    static Stream<Budget> budgets() {
        return Stream.of(
                Budget.ofFileLines(
                        300,
                        Map.of(
                                "RecipeField.java",
                                "a row for each field: the one table that events, flags and pages are held against")),
                Budget.ofMethodLines(35, Map.of()),
                Budget.ofPackageTypes(25, Map.of()),
                Budget.ofPublicTypes(
                        15,
                        Map.of(
                                "io.tessellate.engine.backend",
                                "the seam to the hardware: what a backend implements, and what it is handed")));
    }

    @ParameterizedTest
    @MethodSource("budgets")
    void nothingOutgrowsItsBudget(Budget budget) {
        assertThat(budget.outgrown()).isEmpty();
        assertThat(budget.idleReasons()).isEmpty();
    }

    /** What tests share is a fixture or a contract; a test itself nobody calls. */
    @Test
    void testsAreSeenByTheirPackageOnly() {
        List<SourceCode.SourceFile> tests = SourceCode.TEST.files().stream()
                .filter(file -> file.name().matches(".*(Test|IT)\\.java"))
                .toList();
        assertThat(tests).isNotEmpty();
        assertThat(tests)
                .filteredOn(file -> file.publicTypes() > 0)
                .extracting(SourceCode.SourceFile::name)
                .isEmpty();
        assertThat(tests)
                .flatExtracting(SourceCode.SourceFile::methods)
                .filteredOn(method -> method.seen() && method.isTest())
                .extracting(SourceCode.SourceMethod::name)
                .isEmpty();
    }

    @Test
    void whatReadsLikeACheckHoldsSomething() {
        assertThat(SourceCode.TEST.files())
                .flatExtracting(SourceCode.SourceFile::traps)
                .isEmpty();
    }

    private static boolean isNotNullMarked(JavaPackage javaPackage) {
        return !javaPackage.isAnnotatedWith(NullMarked.class);
    }

    private static DescribedPredicate<JavaConstructorCall> sayNothing() {
        return DescribedPredicate.describe(
                "the exception's type says nothing, and no subclass is calling its parent",
                call -> MEANINGLESS.stream().anyMatch(call.getTargetOwner()::isEquivalentTo)
                        && !call.getOriginOwner().isAssignableTo(Throwable.class));
    }
}
