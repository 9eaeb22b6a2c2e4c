package io.tessellate.pipeline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("architecture")
class SilentTrapsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "assertThat(1);",
                "assertThat(1).as(\"one\");",
                "assertThat(1).isEqualTo(2).as(\"said too late\");",
                "assertThatCode(() -> run());",
                "await().atMost(PATIENCE);",
                "await().ignoreException(A.class).atMost(PATIENCE).ignoreException(B.class).until(this::holds);",
                "answers.stream().map(answer -> assertThat(answer).isNull());",
                "try { run(); } catch (IOException e) { assertThat(e).hasMessage(\"gone\"); }"
            })
    void whatHoldsNothingIsFound(String statement) throws IOException {
        assertThat(in(statement)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "assertThat(1).as(\"one\").isEqualTo(1);",
                "assertThatThrownBy(() -> run());",
                "await().ignoreException(A.class).until(this::holds);",
                "latch.await();",
                "await(answer);",
                "answers.stream().map(Answer::text).forEach(text -> assertThat(text).isEmpty());",
                "try { run(); fail(); } catch (IOException e) { assertThat(e).hasMessage(\"gone\"); }",
                "try { run(); } catch (IOException e) { throw new UncheckedIOException(e); }"
            })
    void whatHoldsSomethingIsLeftInPeace(String statement) throws IOException {
        assertThat(in(statement)).isEmpty();
    }

    private static List<String> in(String statement) throws IOException {
        String text = "import static org.awaitility.Awaitility.await; class AnyTest { void holds() { %s } }"
                .formatted(statement);
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///AnyTest.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return text;
                    }
                };
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("-proc:none"), null, List.of(source));
        return SilentTraps.in("AnyTest.java", task.parse().iterator().next());
    }
}
