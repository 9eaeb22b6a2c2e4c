package io.tessellate.template;

import io.tessellate.template.text.TemplateFault;
import io.tessellate.template.value.Arguments;
import io.tessellate.template.value.Attributes;
import io.tessellate.template.value.BinaryOperators;
import io.tessellate.template.value.Filters;
import io.tessellate.template.value.Function;
import io.tessellate.template.value.Nothing;
import io.tessellate.template.value.TemplateValues;
import io.tessellate.template.value.Tests;
import io.tessellate.template.value.Tuple;
import io.tessellate.template.value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What has a value. Each kind knows how to find it; those that can fail know where they stand in the source. */
sealed interface Expression {
    Object evaluate(Scope scope);

    private static Arguments given(List<Expression> positional, Map<String, Expression> named, Scope scope) {
        List<Object> values = new ArrayList<>();
        positional.forEach(argument -> values.add(argument.evaluate(scope)));
        Map<String, Object> byName = new LinkedHashMap<>();
        named.forEach((name, argument) -> byName.put(name, argument.evaluate(scope)));
        return new Arguments(values, byName);
    }

    record Literal(Object value) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return value;
        }
    }

    record Name(String name) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            scope.run().step();
            return scope.get(name);
        }
    }

    record Items(List<Expression> items, boolean tuple) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            scope.run().make(items.size());
            List<Object> values = new ArrayList<>();
            items.forEach(item -> values.add(item.evaluate(scope)));
            return tuple ? new Tuple(values) : values;
        }
    }

    record Pairs(List<Expression> keys, List<Expression> values) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            scope.run().make(keys.size());
            Map<Object, Object> map = new LinkedHashMap<>();
            for (int i = 0; i < keys.size(); i++) {
                map.put(keys.get(i).evaluate(scope), values.get(i).evaluate(scope));
            }
            return map;
        }
    }

    record Not(Expression inner) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            return !TemplateValues.truth(inner.evaluate(scope));
        }
    }

    /** {@code and} and {@code or}: the value that decides. */
    record Logic(boolean and, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object first = left.evaluate(scope);
            return TemplateValues.truth(first) == and ? right.evaluate(scope) : first;
        }
    }

    record Conditional(
            Expression test, Expression then, @Nullable Expression otherwise) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            if (TemplateValues.truth(test.evaluate(scope))) {
                return then.evaluate(scope);
            }
            return otherwise == null ? new Undefined("an 'if' without 'else'") : otherwise.evaluate(scope);
        }
    }

    /** {@code a < b <= c}: each against the next. */
    record Chain(int at, Expression first, List<Comparison> others) implements Expression {
        record Comparison(String operator, Expression right) {}

        @Override
        public Object evaluate(Scope scope) {
            Object left = first.evaluate(scope);
            for (Comparison comparison : others) {
                Object right = comparison.right().evaluate(scope);
                scope.run().at(at);
                if (!BinaryOperators.compare(comparison.operator(), left, right, scope.run())) {
                    return false;
                }
                left = right;
            }
            return true;
        }
    }

    record Binary(int at, String operator, Expression left, Expression right) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object a = left.evaluate(scope);
            Object b = right.evaluate(scope);
            scope.run().at(at);
            return BinaryOperators.apply(operator, a, b, scope.run());
        }
    }

    record Signed(int at, boolean minus, Expression inner) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = TemplateValues.number(inner.evaluate(scope));
            scope.run().at(at);
            if (value instanceof Long whole) {
                return minus ? Math.negateExact(whole) : whole;
            }
            if (value instanceof Double number) {
                return minus ? -number : number;
            }
            throw TemplateFault.here("%s has no sign", TemplateValues.kind(value));
        }
    }

    record Attribute(int at, Expression holder, String name) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = holder.evaluate(scope);
            scope.run().at(at);
            return Attributes.named(value, name);
        }
    }

    record Subscript(int at, Expression holder, Expression key) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = holder.evaluate(scope);
            Object which = key.evaluate(scope);
            scope.run().at(at);
            return Attributes.at(value, which);
        }
    }

    /** {@code [from:to:step]}, each of which may be missing. */
    record Slice(
            int at,
            Expression holder,
            @Nullable Expression from,
            @Nullable Expression to,
            @Nullable Expression step) implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = holder.evaluate(scope);
            Integer first = bound(from, scope);
            Integer last = bound(to, scope);
            Integer by = bound(step, scope);
            scope.run().at(at);
            return Attributes.slice(value, first, last, by == null ? 1 : by, scope.run());
        }

        private static @Nullable Integer bound(@Nullable Expression expression, Scope scope) {
            Object value = expression == null ? Nothing.NONE : expression.evaluate(scope);
            return value instanceof Nothing ? null : (Integer) TemplateValues.index(value);
        }
    }

    record Call(int at, Expression function, List<Expression> positional, Map<String, Expression> named)
            implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object called = function.evaluate(scope);
            Arguments arguments = Expression.given(positional, named, scope);
            scope.run().at(at);
            if (called instanceof Function it) {
                return it.call(arguments, scope.run());
            }
            throw called instanceof Undefined undefined
                    ? undefined.fault()
                    : TemplateFault.here("%s cannot be called", TemplateValues.kind(called));
        }
    }

    record Filtered(int at, Expression input, String name, List<Expression> positional, Map<String, Expression> named)
            implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = input.evaluate(scope);
            Arguments arguments = Expression.given(positional, named, scope);
            scope.run().at(at);
            return Filters.named(name, at).apply(value, arguments, scope.run());
        }
    }

    record Tested(int at, Expression input, String name, boolean negated, List<Expression> arguments)
            implements Expression {
        @Override
        public Object evaluate(Scope scope) {
            Object value = input.evaluate(scope);
            Arguments given = Expression.given(arguments, Map.of(), scope);
            scope.run().at(at);
            return Tests.named(name, at).holds(value, given, scope.run()) != negated;
        }
    }
}
