package io.tessellate.pipeline.architecture;

import com.sun.source.tree.CatchTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What reads like a check and holds nothing: an assertion that is begun and never made, said about after it was made, or in a stream
 * that nobody runs; waiting that never ends in a condition, or ignores two kinds of exceptions, of which Awaitility keeps the last; a catch
 * that asserts in a test where it is as well if nothing is thrown.
 */
final class SilentTraps extends TreeScanner<Void, Void> {
    private static final Set<String> BEGUN = Set.of(
            "assertThat",
            "assertThatCode",
            "assertThatObject",
            "assertThatExceptionOfType",
            "as",
            "describedAs",
            "withFailMessage",
            "overridingErrorMessage",
            "extracting",
            "flatExtracting",
            "filteredOn",
            "usingRecursiveComparison",
            "usingElementComparator");
    private static final Set<String> LAZY =
            Set.of("filter", "flatMap", "limit", "map", "mapToObj", "peek", "skip", "sorted");

    private final String file;
    private final boolean isTest;
    private final boolean waits;
    private final List<String> found = new ArrayList<>();

    private SilentTraps(String file, boolean waits) {
        this.file = file;
        this.isTest = file.matches(".*(Test|IT)\\.java");
        this.waits = waits;
    }

    /** Each with its file. */
    static List<String> in(String file, CompilationUnitTree unit) {
        boolean waits = unit.getImports().stream()
                .anyMatch(
                        imported -> imported.getQualifiedIdentifier().toString().startsWith("org.awaitility."));
        SilentTraps traps = new SilentTraps(file, waits);
        traps.scan(unit, null);
        return List.copyOf(traps.found);
    }

    @Override
    public Void visitExpressionStatement(ExpressionStatementTree statement, Void nothing) {
        List<String> calls = calls(statement.getExpression());
        if (!calls.isEmpty()) {
            String last = calls.get(0);
            String first = calls.get(calls.size() - 1);
            if (first.startsWith("assert") && BEGUN.contains(last)) {
                found.add("%s: nothing is asserted after %s: %s".formatted(file, last, statement));
            }
            if (calls.contains("stream") && LAZY.contains(last)) {
                found.add("%s: nobody runs the stream: %s".formatted(file, statement));
            }
            if (waits
                    && first.equals("await")
                    && calls.size() > 1
                    && calls.stream().noneMatch(SilentTraps::isCondition)) {
                found.add("%s: nothing is waited for: %s".formatted(file, statement));
            }
        }
        return super.visitExpressionStatement(statement, nothing);
    }

    private static boolean isCondition(String call) {
        return call.startsWith("until");
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
        List<String> calls = calls(call);
        if (calls.get(0).startsWith("ignoreException")
                && calls.stream().skip(1).anyMatch(name -> name.startsWith("ignoreException"))) {
            found.add("%s: only the last of these is ignored: %s".formatted(file, calls));
        }
        return super.visitMethodInvocation(call, nothing);
    }

    @Override
    public Void visitTry(TryTree attempt, Void nothing) {
        boolean asserted =
                attempt.getCatches().stream().map(CatchTree::getBlock).anyMatch(SilentTraps::asserts);
        if (isTest && asserted && !asserts(attempt.getBlock())) {
            found.add("%s: where nothing is thrown, nothing is asserted: %s".formatted(file, attempt));
        }
        return super.visitTry(attempt, nothing);
    }

    private static boolean asserts(Tree tree) {
        List<String> names = new ArrayList<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                names.add(calls(call).get(0));
                names.add(calls(call).get(calls(call).size() - 1));
                return super.visitMethodInvocation(call, nothing);
            }
        }.scan(tree, null);
        return names.stream().anyMatch(name -> name.startsWith("assert") || name.equals("fail"));
    }

    /** The names of chained calls, the last first. */
    private static List<String> calls(ExpressionTree expression) {
        List<String> names = new ArrayList<>();
        ExpressionTree at = expression;
        while (at instanceof MethodInvocationTree call) {
            ExpressionTree select = call.getMethodSelect();
            if (select instanceof MemberSelectTree member) {
                names.add(member.getIdentifier().toString());
                at = member.getExpression();
            } else {
                names.add(select instanceof IdentifierTree name ? name.getName().toString() : select.toString());
                at = select;
            }
        }
        return names;
    }
}
