package io.tessellate.pipeline.architecture;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * What is written in all modules' folders of one kind, as far as it can be counted. The compiler's own parser reads it.
 *
 * @param files all but those that only describe a package
 */
record SourceCode(List<SourceFile> files) {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** What the product is made of. */
    static final SourceCode MAIN = read(Path.of("src", "main", "java"));

    /** What holds it to its promises. */
    static final SourceCode TEST = read(Path.of("src", "test", "java"));

    /**
     * A file.
     *
     * @param packageName of its types
     * @param lines of the whole file
     * @param types top-level ones
     * @param publicTypes how many of them are public
     * @param methods and constructors with a body
     * @param traps what reads like a check and holds nothing
     */
    record SourceFile(
            String name,
            String packageName,
            int lines,
            int types,
            int publicTypes,
            List<SourceMethod> methods,
            List<String> traps) {}

    /**
     * A method or constructor.
     *
     * @param name with that of its file
     * @param lines between its braces
     * @param seen whether it is public
     * @param annotations their simple names
     */
    record SourceMethod(String name, int lines, boolean seen, List<String> annotations) {
        boolean isTest() {
            return annotations.contains("Test") || annotations.contains("ParameterizedTest");
        }
    }

    private static SourceCode read(Path folder) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(paths(folder)));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<SourceFile> files = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                files.add(file(unit, positions));
            }
            return new SourceCode(List.copyOf(files));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> paths(Path folder) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (Stream<Path> modules = Files.walk(ROOT, 2)) {
            for (Path module : modules.map(path -> path.resolve(folder))
                    .filter(Files::isDirectory)
                    .toList()) {
                paths.addAll(sources(module));
            }
        }
        return paths;
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.toString().endsWith(".java") && !path.endsWith("package-info.java"))
                    .toList();
        }
    }

    private static SourceFile file(CompilationUnitTree unit, SourcePositions positions) throws IOException {
        Path path = Path.of(unit.getSourceFile().toUri());
        String name = path.getFileName().toString();
        List<ClassTree> types = unit.getTypeDecls().stream()
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .toList();
        long seen = types.stream()
                .filter(type -> type.getModifiers().getFlags().contains(Modifier.PUBLIC))
                .count();
        List<SourceMethod> methods = new ArrayList<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                if (method.getBody() != null && positions.getEndPosition(unit, method.getBody()) >= 0) {
                    methods.add(method(name, method, lines(unit, positions, method)));
                }
                return super.visitMethod(method, nothing);
            }
        }.scan(unit, null);
        return new SourceFile(
                name,
                unit.getPackageName().toString(),
                Files.readAllLines(path).size(),
                types.size(),
                (int) seen,
                methods,
                SilentTraps.in(name, unit));
    }

    private static SourceMethod method(String file, MethodTree method, int lines) {
        return new SourceMethod(
                file + " " + method.getName(),
                lines,
                method.getModifiers().getFlags().contains(Modifier.PUBLIC),
                method.getModifiers().getAnnotations().stream()
                        .map(annotation -> annotation.getAnnotationType().toString())
                        .toList());
    }

    private static int lines(CompilationUnitTree unit, SourcePositions positions, MethodTree method) {
        long first = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, method.getBody()));
        long last = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method.getBody()));
        return (int) Math.max(1, last - first - 1);
    }
}
