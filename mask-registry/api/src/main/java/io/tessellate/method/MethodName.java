package io.tessellate.method;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The methods a recipe can name, and what each asks the registry for. How they work is the engine's matter. */
public enum MethodName {
    /** Every weight; the baseline. */
    FULL(Claim.EVERYTHING),
    /** Every weight, pulled to where it was by what matters to earlier tasks: elastic weight consolidation. */
    EWC(Claim.EVERYTHING),
    /** Whole matrices, changed by two thin factors each. */
    LORA(Claim.EVERYTHING),
    /** The same from the matrices' principal components on. */
    PISSA(Claim.EVERYTHING),
    /** The weights that moved most in a calibration. */
    LOTA(Claim.SHARE),
    /** The same, chosen among the free weights only. */
    LOTTO(Claim.SHARE),
    /** One class of a quasi-cyclic lift. */
    EXPANDER(Claim.CLASS),
    /** One class of a regular colouring mixed by switches. */
    SWITCHES(Claim.REGULAR),
    /** Matchings among the free weights. */
    MATCHINGS(Claim.REGULAR),
    /** Free weights drawn at random. */
    RANDOM(Claim.SHARE),
    /** The same, as many in every row or column. */
    ONE_SIDED(Claim.REGULAR),
    /** The free weights that are largest. */
    MAGNITUDE(Claim.SHARE),
    /** The free weights of largest gradient. */
    GRADIENT(Claim.SHARE),
    /** The free weights of largest weight times gradient. */
    SNIP(Claim.SHARE),
    /** The same with its sign. */
    FORCE(Claim.SHARE),
    /** The same squared. */
    TAYLOR(Claim.SHARE),
    /** The free weights of largest Fisher information. */
    FISHER(Claim.SHARE),
    /** The free weights that keep the gradient flowing. */
    GRASP(Claim.SHARE),
    /** The free weights that most flows through. */
    SYNFLOW(Claim.SHARE);

    private final Claim claim;

    MethodName(Claim claim) {
        this.claim = claim;
    }

    /** What it asks the registry for. */
    public Claim claim() {
        return claim;
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
        return Arrays.stream(values()).map(MethodName::text).toList();
    }
}
