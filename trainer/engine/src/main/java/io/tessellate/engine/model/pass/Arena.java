package io.tessellate.engine.model.pass;

import io.tessellate.engine.backend.Attention;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.HeadShape;
import io.tessellate.engine.backend.Matrix;
import io.tessellate.engine.backend.NormState;
import io.tessellate.engine.backend.Reach;
import io.tessellate.engine.backend.Rotation;
import io.tessellate.engine.model.config.Architecture;
import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.engine.model.config.Positions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays the matrices of a pass one after the other. */
final class Arena {
    /** Matrices begin at multiples of so many floats: a cache line. */
    static final int ALIGNMENT = 16;

    private static final int MATRICES_PER_LAYER = 24;
    private static final int OTHER_MATRICES = 20;

    private final Backend backend;
    private final ModelConfig config;
    private final PassShape shape;
    private final PassMemory memory;

    Arena(Backend backend, ModelConfig config, PassShape shape, PassMemory memory) {
        this.backend = backend;
        this.config = config;
        this.shape = shape;
        this.memory = memory;
    }

    /** Floats a training pass over batches of that shape needs. */
    static long trainingFloats(ModelConfig config, PassShape shape, KeptActivations kept) {
        ActivationSizes sizes = new ActivationSizes(config, shape);
        long gradients = sizes.attention() + sizes.hidden() + sizes.inner() + sizes.gated();
        long padded = sizes.layer() + MATRICES_PER_LAYER * ALIGNMENT;
        long highest = shape.cut() ? sizes.cutLayer() + 2 * MATRICES_PER_LAYER * ALIGNMENT : padded;
        long shared = shape.cut() ? padded + sizes.aboveAttention() + MATRICES_PER_LAYER * ALIGNMENT : padded;
        long layers = switch (kept) {
            case ALL -> (config.layers() - 1) * padded + highest;
            case LAYER_INPUTS -> shared + config.layers() * (sizes.hidden() + ALIGNMENT);
        };
        return layers
                + (shape.cut() ? sizes.cutGradients() : 0)
                + gradients
                + sizes.edges()
                + OTHER_MATRICES * ALIGNMENT
                + PlaceActivations.floats(config, shape, true, ALIGNMENT);
    }

    /** Floats an evaluation pass over batches of that shape needs. */
    static long evaluationFloats(ModelConfig config, PassShape shape) {
        ActivationSizes sizes = new ActivationSizes(config, shape);
        return sizes.attention()
                + sizes.hidden()
                + sizes.inner()
                + sizes.gated()
                + sizes.edges()
                + (shape.cut() ? sizes.cutEvaluation() : 0)
                + OTHER_MATRICES * ALIGNMENT
                + PlaceActivations.floats(config, shape, false, ALIGNMENT);
    }

    private boolean before() {
        return config.architecture().normalisation().before();
    }

    /** The memory of a training pass: every layer keeps what its backward pass reads. */
    Activations training() {
        PlaceActivations places = PlaceActivations.of(config, shape, true, this::take);
        GradientBuffers gradients = gradients(places);
        Matrix embedded = hidden();
        NormState embeddedState = config.architecture().normalisation().embedded() ? state() : null;
        NormState edgeState = before() ? state(shape.outputs()) : null;
        List<LayerActivations> layers = new ArrayList<>();
        Matrix below = embedded;
        for (int l = 0; l < config.layers(); l++) {
            Matrix input = before() ? hidden() : below;
            boolean cut = shape.cut() && l == config.layers() - 1;
            LayerActivations layer =
                    cut ? cutLayer(input, gradients, places) : trainingLayer(l, input, gradients, places);
            layers.add(layer);
            below = layer.output();
        }
        Matrix output = before() ? hidden(shape.outputs()) : below;
        return new Activations(
                embedded,
                embeddedState,
                edgeState,
                layers,
                hidden(),
                output,
                rotations(),
                gradients,
                places,
                read(true));
    }

    /** What the highest layer works on where it is computed for some tokens only. */
    private @Nullable ReadActivations read(boolean training) {
        if (!shape.cut()) {
            return null;
        }
        int rows = shape.outputs();
        ReadActivations.Upper gradients = null;
        if (training) {
            Matrix inner = inner(rows);
            gradients = new ReadActivations.Upper(hidden(rows), context(rows), activated(inner), inner);
        }
        return new ReadActivations(hidden(rows), hidden(rows), gradients);
    }

    /** The highest layer's memory of a training pass where it is computed for some tokens only. */
    private LayerActivations cutLayer(Matrix input, GradientBuffers later, @Nullable PlaceActivations places) {
        Attention attention = attention(config.layers() - 1, later.attention().context());
        Matrix projections = shape.packed() ? later.projections() : attention.projections();
        return aboveAttention(input, projections, attention, states(shape.outputs()), places);
    }

    /** Attention of all tokens, and the rest of a layer for those that are read. */
    private LayerActivations aboveAttention(
            Matrix input,
            Matrix projections,
            Attention attention,
            LayerActivations.States states,
            @Nullable PlaceActivations places) {
        int rows = shape.outputs();
        Matrix inner = inner(rows);
        boolean training = states.feedForward() != null;
        return new LayerActivations(
                input,
                projections,
                attention,
                context(rows),
                hidden(rows),
                inner,
                training ? take(rows, config.intermediate()) : activated(inner),
                before() ? input : hidden(rows),
                states,
                PlaceActivations.placed(attention, places));
    }

    /** The memory of a training pass whose layers share theirs, but for the input of each. */
    Activations recomputed() {
        PlaceActivations places = PlaceActivations.of(config, shape, true, this::take);
        GradientBuffers gradients = gradients(places);
        Matrix embedded = hidden();
        NormState embeddedState = config.architecture().normalisation().embedded() ? state() : null;
        NormState edgeState = before() ? state(shape.outputs()) : null;
        LayerActivations shared = trainingLayer(0, before() ? hidden() : embedded, gradients, places);
        List<LayerActivations> layers = new ArrayList<>(List.of(shared));
        List<Matrix> streams = new ArrayList<>();
        for (int l = 1; l < config.layers(); l++) {
            Matrix below = layers.get(l - 1).output();
            layers.add(shared.of(attentionOver(shared.attention(), l), below, before() ? below : hidden()));
            if (before()) {
                streams.add(hidden());
            }
        }
        if (shape.cut()) {
            LayerActivations whole = layers.remove(config.layers() - 1);
            layers.add(aboveAttention(
                    whole.input(),
                    whole.projections(),
                    attentionOver(whole.attention(), config.layers() - 1),
                    states(whole.states(), shape.outputs()),
                    places));
        }
        Matrix output = before()
                ? hidden(shape.outputs())
                : layers.get(layers.size() - 1).output();
        return new Activations(
                embedded,
                embeddedState,
                edgeState,
                layers,
                hidden(),
                output,
                rotations(),
                gradients,
                places,
                read(true),
                true,
                streams);
    }

    /** The memory of one layer's attention as that of another. */
    private Attention attentionOver(Attention shared, int layer) {
        HeadShape heads = shape.attention(config, layer);
        return backend.attention().attention(heads, shared.projections(), shared.scores(), shared.context());
    }

    private GradientBuffers gradients(@Nullable PlaceActivations places) {
        Attention attention = attention(takeContext());
        Matrix projections = shape.packed() ? takeProjections() : attention.projections();
        Matrix context = shape.packed() ? context() : attention.context();
        Matrix inner = inner();
        GradientBuffers.PlaceGradients ofPlaces =
                places == null ? null : GradientBuffers.PlaceGradients.of(places, attention, this::take);
        return new GradientBuffers(hidden(), projections, attention, context, activated(inner), inner, ofPlaces);
    }

    /**
     * Where tokens are packed, the projections before they are spread and the contexts before they are packed are needed
     * only in passing; the memory of their gradients, which come later, serves all layers.
     */
    private LayerActivations trainingLayer(
            int l, Matrix input, GradientBuffers later, @Nullable PlaceActivations places) {
        Matrix context = context();
        Attention attention = attention(l, shape.packed() ? later.attention().context() : context);
        Matrix projections = shape.packed() ? later.projections() : attention.projections();
        LayerActivations.States states = states(shape.tokens());
        Matrix attended = hidden();
        Matrix inner = inner();
        Matrix activated = take(shape.tokens(), config.intermediate());
        Matrix output = before() ? input : hidden();
        return new LayerActivations(
                input,
                projections,
                attention,
                context,
                attended,
                inner,
                activated,
                output,
                states,
                PlaceActivations.placed(attention, places));
    }

    /** The memory of an evaluation pass: all layers share it and keep nothing. */
    Activations evaluation() {
        Matrix embedded = hidden();
        Matrix hidden = before() ? hidden() : embedded;
        Matrix attended = before() ? hidden : hidden();
        Matrix inner = inner();
        Matrix activated = activated(inner);
        Attention first = attention(takeContext());
        Matrix projections = shape.packed() ? takeProjections() : first.projections();
        Matrix context = shape.packed() ? context() : first.context();
        PlaceActivations places = PlaceActivations.of(config, shape, false, this::take);
        Map<Reach, LayerActivations> byReach = new HashMap<>();
        List<LayerActivations> layers = new ArrayList<>();
        for (int l = 0; l < config.layers(); l++) {
            int layer = l;
            layers.add(byReach.computeIfAbsent(shape.attention(config, l).reach(), reach -> {
                Attention attention = attentionOver(first, layer);
                return new LayerActivations(
                        hidden,
                        projections,
                        attention,
                        context,
                        attended,
                        inner,
                        activated,
                        hidden,
                        LayerActivations.States.NONE,
                        PlaceActivations.placed(attention, places));
            }));
        }
        Matrix output = hidden;
        if (shape.cut()) {
            int highest = config.layers() - 1;
            LayerActivations whole = layers.remove(highest);
            Attention attention = attentionOver(first, highest);
            LayerActivations cut =
                    aboveAttention(whole.input(), whole.projections(), attention, LayerActivations.States.NONE, places);
            layers.add(cut);
            output = before() ? hidden(shape.outputs()) : cut.output();
        }
        return new Activations(embedded, null, null, layers, hidden(), output, rotations(), null, places, read(false));
    }

    /** What a layer keeps of its heads' normalisations, and of those of so many rows behind attention. */
    private LayerActivations.States states(int rows) {
        Architecture.Attention attention = config.architecture().attention();
        NormState query = attention.normed() ? headStates(config.heads()) : null;
        NormState key = attention.normed() ? headStates(attention.keyValueHeads()) : null;
        NormState input = before() ? state(shape.tokens()) : state(rows);
        return states(new LayerActivations.States(query, key, input, null, null, null), rows);
    }

    /** The same, where what is normalised before attention is kept already. */
    private LayerActivations.States states(LayerActivations.States kept, int rows) {
        boolean around = config.architecture().normalisation().around();
        return new LayerActivations.States(
                kept.query(),
                kept.key(),
                before() || rows == shape.tokens() ? kept.attention() : state(rows),
                around ? state(rows) : null,
                state(rows),
                around ? state(rows) : null);
    }

    private NormState headStates(int heads) {
        int rows = shape.tokens() * heads;
        return new NormState(take(rows, config.headWidth()), take(rows, 1));
    }

    private List<Rotation> rotations() {
        if (!(config.architecture().positions() instanceof Positions.Rotary rotary)) {
            return List.of();
        }
        List<HeadShape.Columns> turned = shape.attention(config, 0).turned();
        return rotary.kinds().stream()
                .map(kind -> kind.columns(config.headWidth()) / 2)
                .map(half -> new Rotation(take(shape.tokens(), half), take(shape.tokens(), half), turned))
                .toList();
    }

    private Attention attention(Matrix context) {
        return attention(0, context);
    }

    private Attention attention(int layer, Matrix context) {
        HeadShape heads = shape.attention(config, layer);
        Matrix projections = take(heads.tokens(), config.projectionColumns());
        Matrix scores = take(heads.scoreRows(), heads.length());
        return backend.attention().attention(heads, projections, scores, context);
    }

    private Matrix takeContext() {
        return take(shape.attention().tokens(), config.contextColumns());
    }

    private Matrix takeProjections() {
        return take(shape.tokens(), config.projectionColumns());
    }

    private Matrix context() {
        return context(shape.tokens());
    }

    private Matrix context(int rows) {
        return take(rows, config.contextColumns());
    }

    private NormState state() {
        return state(shape.tokens());
    }

    private NormState state(int rows) {
        return new NormState(hidden(rows), take(rows, 1));
    }

    private Matrix hidden() {
        return hidden(shape.tokens());
    }

    private Matrix hidden(int rows) {
        return take(rows, config.hidden());
    }

    private Matrix inner() {
        return inner(shape.tokens());
    }

    private Matrix inner(int rows) {
        return take(rows, config.innerColumns());
    }

    /** What the activation gives: in place unless it is narrower. */
    private Matrix activated(Matrix inner) {
        return config.architecture().activation().gated() ? take(inner.rows(), config.intermediate()) : inner;
    }

    private Matrix take(int rows, int columns) {
        return memory.take(rows, columns);
    }
}
