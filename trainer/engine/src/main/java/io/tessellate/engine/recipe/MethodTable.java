package io.tessellate.engine.recipe;

import io.tessellate.engine.method.Method;
import io.tessellate.engine.method.Salience;
import io.tessellate.engine.method.expander.ExpanderMasks;
import io.tessellate.engine.method.expander.MatchingMasks;
import io.tessellate.engine.method.expander.SwitchMasks;
import io.tessellate.engine.method.full.ElasticWeights;
import io.tessellate.engine.method.full.FullFineTuning;
import io.tessellate.engine.method.lottery.Lota;
import io.tessellate.engine.method.lottery.Lotto;
import io.tessellate.engine.method.lowrank.Lora;
import io.tessellate.engine.method.lowrank.Pissa;
import io.tessellate.engine.method.random.OneSidedMasks;
import io.tessellate.engine.method.random.RandomMasks;
import io.tessellate.engine.method.salience.SalienceMasks;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.List;
import java.util.stream.Stream;

/** All methods a recipe can name. */
public final class MethodTable {
    private static final List<Method> METHODS = Stream.concat(
                    Stream.of(
                            new FullFineTuning(),
                            new Lota(),
                            new Lotto(),
                            new ExpanderMasks(),
                            new SwitchMasks(),
                            new MatchingMasks(),
                            new RandomMasks(),
                            new OneSidedMasks()),
                    Stream.concat(
                            Stream.of(new ElasticWeights(), new Lora(), new Pissa()),
                            Stream.of(Salience.values()).map(SalienceMasks::new)))
            .toList();

    private MethodTable() {}

    /** Every method. */
    public static List<Method> all() {
        return METHODS;
    }

    /** The method of that name; INVALID_RECIPE if there is none. */
    public static Method named(String name) {
        return METHODS.stream()
                .filter(method -> method.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_RECIPE,
                        "recipe field 'method' is %s but must be one of %s"
                                .formatted(
                                        name, METHODS.stream().map(Method::name).toList())));
    }
}
