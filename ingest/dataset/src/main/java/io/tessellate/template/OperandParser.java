package io.tessellate.template;

import io.tessellate.template.text.Numerals;
import io.tessellate.template.text.TemplateFault;
import io.tessellate.template.text.TemplateToken;
import io.tessellate.template.text.TemplateToken.Kind;
import io.tessellate.template.text.Tokens;
import io.tessellate.template.value.Filters;
import io.tessellate.template.value.Nothing;
import io.tessellate.template.value.Tests;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what operators stand between: names, literals, brackets, and the calls, filters and tests behind them. */
final class OperandParser {
    private static final Set<String> ENDS_TEST = Set.of("else", "or", "and", "is", "if", "not");

    private final Tokens tokens;
    private final ExpressionParser expressions;

    OperandParser(Tokens tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expression primary() {
        TemplateToken token = tokens.next();
        return switch (token.kind()) {
            case NAME -> name(token.text());
            case STRING -> new Expression.Literal(strings(token.text()));
            case INTEGER -> new Expression.Literal(Numerals.whole(token));
            case FLOAT -> new Expression.Literal(Double.parseDouble(token.text().replace("_", "")));
            case OPERATOR -> bracket(token);
            case DATA, BLOCK_BEGIN, BLOCK_END, VARIABLE_BEGIN, VARIABLE_END, END ->
                throw new TemplateFault(token.at(), "a value is needed, not %s", token.words());
        };
    }

    private String strings(String first) {
        StringBuilder all = new StringBuilder(first);
        while (tokens.peek().kind() == Kind.STRING) {
            all.append(tokens.next().text());
        }
        return all.toString();
    }

    private static Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(true);
            case "false", "False" -> new Expression.Literal(false);
            case "none", "None" -> new Expression.Literal(Nothing.NONE);
            default -> new Expression.Name(name);
        };
    }

    private Expression bracket(TemplateToken open) {
        return switch (open.text()) {
            case "(" -> {
                if (tokens.takeOperator(")")) {
                    yield new Expression.Items(List.of(), true);
                }
                Expression inner = expressions.tuple();
                tokens.require(")");
                yield inner;
            }
            case "[" -> new Expression.Items(list("]"), false);
            case "{" -> pairs();
            default -> throw new TemplateFault(open.at(), "a value is needed, not %s", open.words());
        };
    }

    private List<Expression> list(String close) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.takeOperator(close)) {
            items.add(expressions.expression());
            if (!tokens.isOperator(close)) {
                tokens.require(",");
            }
        }
        return items;
    }

    private Expression pairs() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.takeOperator("}")) {
            keys.add(expressions.expression());
            tokens.require(":");
            values.add(expressions.expression());
            if (!tokens.isOperator("}")) {
                tokens.require(",");
            }
        }
        return new Expression.Pairs(keys, values);
    }

    Expression postfix(Expression value) {
        Expression all = value;
        while (true) {
            TemplateToken token = tokens.peek();
            if (tokens.takeOperator(".")) {
                TemplateToken name = tokens.next();
                all = attribute(token.at(), all, name);
            } else if (tokens.takeOperator("[")) {
                all = subscript(token.at(), all);
            } else if (tokens.isOperator("(")) {
                Call call = arguments();
                all = new Expression.Call(token.at(), all, call.positional(), call.named());
            } else {
                return all;
            }
        }
    }

    private static Expression attribute(int at, Expression holder, TemplateToken name) {
        if (name.kind() == Kind.INTEGER) {
            return new Expression.Subscript(at, holder, new Expression.Literal(Numerals.whole(name)));
        }
        if (name.kind() != Kind.NAME) {
            throw new TemplateFault(name.at(), "a name is needed behind '.', not %s", name.words());
        }
        return new Expression.Attribute(at, holder, name.text());
    }

    private Expression subscript(int at, Expression holder) {
        Expression from = tokens.isOperator(":") ? null : expressions.tuple();
        if (from != null && tokens.takeOperator("]")) {
            return new Expression.Subscript(at, holder, from);
        }
        tokens.require(":");
        Expression to = tokens.isOperator(":") || tokens.isOperator("]") ? null : expressions.expression();
        boolean steps = tokens.takeOperator(":");
        Expression step = !steps || tokens.isOperator("]") ? null : expressions.expression();
        tokens.require("]");
        return new Expression.Slice(at, holder, from, to, step);
    }

    /** What stands in a call's brackets. */
    record Call(List<Expression> positional, Map<String, Expression> named) {}

    Call arguments() {
        tokens.require("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!tokens.takeOperator(")")) {
            TemplateToken token = tokens.peek();
            if (tokens.isOperator("*") || tokens.isOperator("**")) {
                throw new TemplateFault(token.at(), "arguments from a list or a map are not known here");
            }
            if (token.kind() == Kind.NAME && tokens.peek(1).is(Kind.OPERATOR, "=")) {
                tokens.next();
                tokens.next();
                named.put(token.text(), expressions.expression());
            } else if (named.isEmpty()) {
                positional.add(expressions.expression());
            } else {
                throw new TemplateFault(token.at(), "an argument without a name stands behind one with a name");
            }
            if (!tokens.isOperator(")")) {
                tokens.require(",");
            }
        }
        return new Call(positional, named);
    }

    /** Filters and tests behind a value. */
    Expression filters(Expression value) {
        Expression all = value;
        while (true) {
            if (tokens.isOperator("|")) {
                tokens.next();
                all = filter(all);
            } else if (tokens.takeName("is")) {
                all = test(all);
            } else if (tokens.isOperator("(")) {
                int at = tokens.at();
                Call call = arguments();
                all = new Expression.Call(at, all, call.positional(), call.named());
            } else {
                return all;
            }
        }
    }

    Expression filter(Expression input) {
        TemplateToken name = tokens.name();
        if (!Filters.known(name.text())) {
            throw new TemplateFault(name.at(), "the filter '%s' is not known here", name.text());
        }
        Call call = tokens.isOperator("(") ? arguments() : new Call(List.of(), Map.of());
        return new Expression.Filtered(name.at(), input, name.text(), call.positional(), call.named());
    }

    private Expression test(Expression input) {
        boolean negated = tokens.takeName("not");
        TemplateToken name = tokens.name();
        if (!Tests.known(name.text())) {
            throw new TemplateFault(name.at(), "the test '%s' is not known here", name.text());
        }
        List<Expression> arguments = List.of();
        TemplateToken next = tokens.peek();
        if (tokens.isOperator("(")) {
            arguments = arguments().positional();
        } else if (beginsArgument(next)) {
            arguments = List.of(postfix(primary()));
        }
        return new Expression.Tested(name.at(), input, name.text(), negated, arguments);
    }

    private static boolean beginsArgument(TemplateToken token) {
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !ENDS_TEST.contains(token.text());
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            case DATA, BLOCK_BEGIN, BLOCK_END, VARIABLE_BEGIN, VARIABLE_END, END -> false;
        };
    }
}
