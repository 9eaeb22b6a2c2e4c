package io.tessellate.template;

import io.tessellate.template.text.TemplateFault;
import io.tessellate.template.text.TemplateToken;
import io.tessellate.template.text.TemplateToken.Kind;
import io.tessellate.template.text.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a template's statements. */
final class StatementParser {
    private static final Set<String> NOT_HERE = Set.of(
            "include", "import", "from", "extends", "block", "call", "do", "with", "autoescape", "trans", "debug");

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private int loops;

    StatementParser(List<TemplateToken> all) {
        this.tokens = new Tokens(all);
        this.expressions = new ExpressionParser(tokens);
    }

    List<Statement> template() {
        List<Statement> body = body(Set.of());
        TemplateToken end = tokens.peek();
        if (end.kind() != Kind.END) {
            throw new TemplateFault(
                    end.at(), "'%s' ends nothing", tokens.peek(1).text());
        }
        return body;
    }

    /** Statements up to a tag of one of these names, which is left. */
    private List<Statement> body(Set<String> ends) {
        List<Statement> body = new ArrayList<>();
        while (true) {
            TemplateToken token = tokens.peek();
            switch (token.kind()) {
                case DATA -> body.add(new Statement.Text(tokens.next().text()));
                case VARIABLE_BEGIN -> body.add(output());
                case BLOCK_BEGIN -> {
                    String name = tokens.peek(1).text();
                    if (ends.contains(name) || ends.isEmpty() && name.startsWith("end")) {
                        return body;
                    }
                    tokens.next();
                    body.add(statement(tokens.name()));
                }
                case END -> {
                    if (!ends.isEmpty()) {
                        throw new TemplateFault(
                                token.at(),
                                "'%s' is missing",
                                ends.stream().sorted().toList());
                    }
                    return body;
                }
                case BLOCK_END, VARIABLE_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                    throw new TemplateFault(token.at(), "%s is out of place", token.words());
            }
        }
    }

    private Statement output() {
        int at = tokens.next().at();
        Expression value = expressions.tuple();
        tokens.take(Kind.VARIABLE_END, "'}}'");
        return new Statement.Output(at, value);
    }

    private Statement statement(TemplateToken name) {
        return switch (name.text()) {
            case "if" -> condition();
            case "for" -> loop(name);
            case "set" -> set(name);
            case "macro" -> macro();
            case "filter" -> filter(name);
            case "generation" -> {
                close();
                yield new Statement.Part(inner("endgeneration"));
            }
            case "break", "continue" -> leave(name);
            default -> {
                String what = NOT_HERE.contains(name.text()) ? "is not known here" : "is no statement";
                throw new TemplateFault(name.at(), "'%s' %s", name.text(), what);
            }
        };
    }

    private void close() {
        tokens.take(Kind.BLOCK_END, "'%}'");
    }

    /** Statements up to a tag, which is taken too. */
    private List<Statement> inner(String end) {
        List<Statement> body = body(Set.of(end));
        tag(end);
        close();
        return body;
    }

    private void tag(String name) {
        tokens.next();
        TemplateToken token = tokens.name();
        if (!token.text().equals(name)) {
            throw new TemplateFault(token.at(), "'%s' is needed, not '%s'", name, token.text());
        }
    }

    private Statement leave(TemplateToken name) {
        if (loops == 0) {
            throw new TemplateFault(name.at(), "'%s' stands in no loop", name.text());
        }
        close();
        return new Statement.Leave(name.text().equals("break") ? Statement.End.BREAK : Statement.End.CONTINUE);
    }

    private Statement condition() {
        List<Expression> tests = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        String branch = "if";
        while (!branch.equals("endif")) {
            if (branch.equals("else")) {
                close();
                otherwise = body(Set.of("endif"));
            } else {
                tests.add(expressions.tuple());
                close();
                bodies.add(body(Set.of("elif", "else", "endif")));
            }
            tokens.next();
            branch = tokens.name().text();
        }
        close();
        return new Statement.If(tests, bodies, otherwise);
    }

    private Statement loop(TemplateToken name) {
        Assignment target = targets(false);
        TemplateToken in = tokens.name();
        if (!in.text().equals("in")) {
            throw new TemplateFault(in.at(), "'in' is needed, not '%s'", in.text());
        }
        Expression source = expressions.tuple(false);
        Expression filter = tokens.takeName("if") ? expressions.expression() : null;
        if (tokens.peek().is(Kind.NAME, "recursive")) {
            throw new TemplateFault(tokens.at(), "'recursive' is not known here");
        }
        close();
        loops++;
        List<Statement> body = body(Set.of("endfor", "else"));
        loops--;
        List<Statement> otherwise = List.of();
        if (tokens.peek(1).is(Kind.NAME, "else")) {
            tag("else");
            close();
            otherwise = body(Set.of("endfor"));
        }
        tag("endfor");
        close();
        return new Statement.For(name.at(), target, source, filter, body, otherwise);
    }

    private Assignment targets(boolean properties) {
        List<Assignment> targets = new ArrayList<>();
        boolean several = false;
        boolean bracketed = tokens.takeOperator("(");
        do {
            targets.add(target(properties));
            several |= tokens.isOperator(",");
        } while (tokens.takeOperator(",") && !tokens.endsTuple());
        if (bracketed) {
            tokens.require(")");
        }
        return several ? new Assignment.Several(targets) : targets.get(0);
    }

    private Assignment target(boolean properties) {
        if (tokens.isOperator("(")) {
            return targets(properties);
        }
        String name = tokens.name().text();
        return properties && tokens.takeOperator(".")
                ? new Assignment.Property(name, tokens.name().text())
                : new Assignment.Variable(name);
    }

    private Statement set(TemplateToken name) {
        Assignment target = targets(true);
        if (tokens.takeOperator("=")) {
            Expression value = expressions.tuple();
            close();
            return new Statement.Assign(name.at(), target, value);
        }
        Expression value = new Expression.Name(Statement.Capture.WRITTEN);
        while (tokens.takeOperator("|")) {
            value = expressions.filter(value);
        }
        close();
        return new Statement.Capture(name.at(), target, inner("endset"), value);
    }

    private Statement filter(TemplateToken name) {
        Expression value = expressions.filter(new Expression.Name(Statement.Capture.WRITTEN));
        while (tokens.takeOperator("|")) {
            value = expressions.filter(value);
        }
        close();
        return new Statement.Filter(name.at(), inner("endfilter"), value);
    }

    private Statement macro() {
        String name = tokens.name().text();
        List<String> parameters = new ArrayList<>();
        Map<String, Expression> usual = new LinkedHashMap<>();
        tokens.require("(");
        while (!tokens.takeOperator(")")) {
            String parameter = tokens.name().text();
            parameters.add(parameter);
            if (tokens.takeOperator("=")) {
                usual.put(parameter, expressions.expression());
            }
            if (!tokens.isOperator(")")) {
                tokens.require(",");
            }
        }
        close();
        int outer = loops;
        loops = 0;
        List<Statement> body = inner("endmacro");
        loops = outer;
        return new Statement.Macro(name, parameters, usual, body);
    }
}
