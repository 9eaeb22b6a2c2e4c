package io.tessellate.method;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import io.tessellate.mask.expander.FreeMatching;
import io.tessellate.mask.expander.OneSidedMask;
import io.tessellate.mask.expander.SwitchedMask;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The methods a recipe can name, each declared once: what it claims of a model's weights, its traits, and the recipe fields
 * whose defaults differ from those all methods share. Rules about recipes, the registry and the engine ask this declaration.
 * How a method works is the engine's matter, except where the structure of its masks says it all.
 */
@SuppressWarnings("ImmutableEnumChecker") // claims and structures are stateless, defaults are copies
public enum MethodName {
    /** Every weight; the baseline. */
    FULL(Claim.everything(), 5e-4, Map.of("density", 1.0, "replayShare", 0.0)),
    /** Every weight, pulled to where it was by what matters to earlier tasks: elastic weight consolidation. */
    EWC(Claim.everything(), 5e-4, Map.of("density", 1.0, "replayShare", 0.0, "elasticity", 1e5)),
    /** Whole matrices, changed by two thin factors each. */
    LORA(Claim.everything(), 2e-3, Map.of("density", 1.0, "replayShare", 0.0), Trait.LOW_RANK),
    /** The same from the matrices' principal components on. */
    PISSA(Claim.everything(), 2e-3, Map.of("density", 1.0, "replayShare", 0.0), Trait.LOW_RANK),
    /** The weights that moved most in a calibration. */
    LOTA(
            Claim.count(),
            4e-3,
            Map.of("calibrationEpochs", 1.0),
            Trait.LOOKS_AT_DATA,
            Trait.TRAINS_ON_TRIAL,
            Trait.MAY_OVERLAP),
    /** The same, chosen among the free weights only. */
    LOTTO(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0), Trait.LOOKS_AT_DATA, Trait.TRAINS_ON_TRIAL),
    /** One class of a quasi-cyclic lift. */
    EXPANDER(Claim.liftClass(), 4e-3, Map.of()),
    /** One class of a regular colouring mixed by switches. */
    SWITCHES(Claim.of(new SwitchedMask()), 4e-3, Map.of()),
    /** Matchings among the free weights. */
    MATCHINGS(Claim.of(new FreeMatching()), 4e-3, Map.of()),
    /** Free weights drawn at random. */
    RANDOM(Claim.count(), 4e-3, Map.of()),
    /** The same, as many in every row or column. */
    ONE_SIDED(Claim.of(new OneSidedMask()), 4e-3, Map.of()),
    /** The free weights that are largest. */
    MAGNITUDE(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0)),
    /** The free weights of largest gradient. */
    GRADIENT(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0), Trait.LOOKS_AT_DATA),
    /** The free weights of largest weight times gradient. */
    SNIP(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0), Trait.LOOKS_AT_DATA),
    /** The same with its sign. */
    FORCE(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0), Trait.LOOKS_AT_DATA),
    /** The same squared. */
    TAYLOR(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0), Trait.LOOKS_AT_DATA),
    /** The free weights of largest Fisher information. */
    FISHER(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0), Trait.LOOKS_AT_DATA),
    /** The free weights that keep the gradient flowing. */
    GRASP(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0), Trait.LOOKS_AT_DATA),
    /** The same by the opposite sign: as the paper that compares them prints it. */
    GRASP_PRINTED(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0), Trait.LOOKS_AT_DATA),
    /** The free weights that most flows through. */
    SYNFLOW(Claim.count(), 4e-3, Map.of("calibrationEpochs", 1.0));

    private final Claim claim;
    private final double rate;
    private final Map<String, Object> defaults;
    private final Set<Trait> traits;

    MethodName(Claim claim, double rate, Map<String, Object> defaults, Trait... traits) {
        this.claim = claim;
        this.rate = rate;
        this.defaults = defaults;
        this.traits = Set.of(traits);
    }

    /** The learning rate that suits encoders of hidden size 128 at the usual density: where a race among rates begins. */
    public double rate() {
        return rate;
    }

    /** What it asks the registry for. */
    public Claim claim() {
        return claim;
    }

    /** Whether it has a trait. */
    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** Recipe fields whose defaults differ from those all methods share. */
    public Map<String, Object> defaults() {
        return defaults;
    }

    /** As written in a recipe. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The method of that name; INVALID_RECIPE if there is none. */
    public static MethodName parse(String text) {
        return Arrays.stream(values())
                .filter(method -> method.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new TessellateException(
                        ErrorCode.INVALID_RECIPE,
                        "method '%s' must be one of %s".formatted(text, String.join(", ", texts()))));
    }

    /** All names. */
    public static List<String> texts() {
        return texts(method -> true);
    }

    /** The names of those of which something is so. */
    public static List<String> texts(Predicate<MethodName> condition) {
        return Arrays.stream(values()).filter(condition).map(MethodName::text).toList();
    }
}
