package io.tessellate.engine.backend;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests a kernel at even and odd numbers of rows and columns, at blocks and tails. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@CsvSource({"1,1", "3,5", "7,64", "33,20", "130,31", "517,129", "3,5000", "2100,40"})
@interface Sizes {}
