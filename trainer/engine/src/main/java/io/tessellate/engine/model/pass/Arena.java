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
        long layer = sizes.paddedProjections()
                + sizes.context()
                + sizes.scores()
                + 2 * sizes.hidden()
                + sizes.states()
                + sizes.inner()
                + sizes.activated();
        long gradients = sizes.attention() + sizes.hidden() + sizes.inner() + sizes.gated();
        long padded = layer + MATRICES_PER_LAYER * ALIGNMENT;
        long layers = switch (kept) {
            case ALL -> config.layers() * padded;
            case LAYER_INPUTS -> padded + config.layers() * (sizes.hidden() + ALIGNMENT);
        };
        return layers
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
        NormState edgeState = before() ? state() : null;
        List<LayerActivations> layers = new ArrayList<>();
        Matrix below = embedded;
        for (int l = 0; l < config.layers(); l++) {
            LayerActivations layer = trainingLayer(l, before() ? hidden() : below, gradients, places);
            layers.add(layer);
            below = layer.output();
        }
        Matrix output = before() ? hidden() : below;
        return new Activations(
                embedded, embeddedState, edgeState, layers, hidden(), output, rotations(), gradients, places);
    }

    /** The memory of a training pass whose layers share theirs, but for the input of each. */
    Activations recomputed() {
        PlaceActivations places = PlaceActivations.of(config, shape, true, this::take);
        GradientBuffers gradients = gradients(places);
        Matrix embedded = hidden();
        NormState embeddedState = config.architecture().normalisation().embedded() ? state() : null;
        NormState edgeState = before() ? state() : null;
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
        Matrix output = before() ? hidden() : layers.get(layers.size() - 1).output();
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
        LayerActivations.States states = states();
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
        return new Activations(embedded, null, null, layers, hidden(), hidden, rotations(), null, places);
    }

    private LayerActivations.States states() {
        Architecture architecture = config.architecture();
        boolean normed = architecture.attention().normed();
        boolean around = architecture.normalisation().around();
        return new LayerActivations.States(
                normed ? headStates(config.heads()) : null,
                normed ? headStates(architecture.attention().keyValueHeads()) : null,
                state(),
                around ? state() : null,
                state(),
                around ? state() : null);
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
        return take(shape.tokens(), config.contextColumns());
    }

    private NormState state() {
        return new NormState(hidden(), take(shape.tokens(), 1));
    }

    private Matrix hidden() {
        return take(shape.tokens(), config.hidden());
    }

    private Matrix inner() {
        return take(shape.tokens(), config.innerColumns());
    }

    /** What the activation gives: in place unless it is narrower. */
    private Matrix activated(Matrix inner) {
        return config.architecture().activation().gated() ? take(shape.tokens(), config.intermediate()) : inner;
    }

    private Matrix take(int rows, int columns) {
        return memory.take(rows, columns);
    }
}
