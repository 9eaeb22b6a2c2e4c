package io.tessellate.engine.recipe;

import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.Salience;
import io.tessellate.engine.method.expander.ExpanderMasks;
import io.tessellate.engine.method.expander.StructuredMasks;
import io.tessellate.engine.method.full.ElasticWeights;
import io.tessellate.engine.method.full.FullFineTuning;
import io.tessellate.engine.method.lottery.Lota;
import io.tessellate.engine.method.lottery.Lotto;
import io.tessellate.engine.method.lowrank.Lora;
import io.tessellate.engine.method.lowrank.Pissa;
import io.tessellate.engine.method.random.RandomMasks;
import io.tessellate.engine.method.salience.SalienceMasks;
import io.tessellate.method.MethodName;
import java.util.Arrays;
import java.util.List;

/**
 * How each method works that a recipe can name: by the structure that it claims, by the salience metric of its name, or by a
 * class of its own.
 */
public final class MethodTable {
    private static final List<Method> CLASSES = List.of(
            new FullFineTuning(),
            new ElasticWeights(),
            new Lora(),
            new Pissa(),
            new Lota(),
            new Lotto(),
            new ExpanderMasks(),
            new RandomMasks());

    private static final List<Method> METHODS =
            Arrays.stream(MethodName.values()).map(MethodTable::find).toList();

    private MethodTable() {}

    /** The method of that name. */
    public static Method of(MethodName name) {
        return METHODS.get(name.ordinal());
    }

    private static Method find(MethodName name) {
        return name.claim()
                .structure()
                .<Method>map(structure -> new StructuredMasks(name, structure))
                .or(() -> Salience.of(name).map(SalienceMasks::new))
                .or(() ->
                        CLASSES.stream().filter(method -> method.name() == name).findFirst())
                .orElseThrow(() -> new IllegalStateException(
                        "method %s is declared, and nothing says how it works".formatted(name.text())));
    }
}
