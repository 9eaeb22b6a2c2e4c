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

    private final Backend backend;
    private final ModelConfig config;
    private final PassShape shape;
    private final PassMemory memory;
    private final RowMemory all;
    private final RowMemory read;

    Arena(Backend backend, ModelConfig config, PassShape shape, PassMemory memory) {
        this.backend = backend;
        this.config = config;
        this.shape = shape;
        this.memory = memory;
        this.all = new RowMemory(config, shape.tokens(), this::take);
        this.read = new RowMemory(config, shape.outputs(), this::take);
    }

    private boolean before() {
        return config.architecture().normalisation().before();
    }

    /** The memory of a training pass: every layer keeps what its backward pass reads. */
    Activations training() {
        PlaceActivations places = PlaceActivations.of(config, shape, true, this::take);
        GradientBuffers gradients = gradients(places);
        Matrix embedded = all.hidden();
        NormState embeddedState = config.architecture().normalisation().embedded() ? all.state() : null;
        NormState edgeState = before() ? read.state() : null;
        List<LayerActivations> layers = new ArrayList<>();
        Matrix below = embedded;
        for (int l = 0; l < config.layers(); l++) {
            Matrix input = before() ? all.hidden() : below;
            boolean cut = shape.cut() && l == config.layers() - 1;
            LayerActivations layer =
                    cut ? cutLayer(input, gradients, places) : trainingLayer(l, input, gradients, places);
            layers.add(layer);
            below = layer.output();
        }
        Matrix output = lastHidden(layers);
        return new Activations(
                embedded,
                embeddedState,
                edgeState,
                layers,
                all.hidden(),
                output,
                rotations(),
                gradients,
                places,
                read(true));
    }

    private @Nullable ReadActivations read(boolean training) {
        return shape.cut() ? read.work(training) : null;
    }

    /** The highest layer's memory of a training pass where it is computed for some tokens only. */
    private LayerActivations cutLayer(Matrix input, GradientBuffers later, @Nullable PlaceActivations places) {
        Attention attention = attention(config.layers() - 1, later.attention().context());
        Matrix projections = shape.packed() ? later.projections() : attention.projections();
        return aboveAttention(input, projections, attention, states(read), places);
    }

    /** Puts a highest layer for some tokens, if only these are read, in the place of one for all. */
    private void cutHighest(List<LayerActivations> layers, @Nullable PlaceActivations places) {
        if (shape.cut()) {
            int highest = config.layers() - 1;
            LayerActivations whole = layers.remove(highest);
            LayerActivations.States kept = whole.states();
            layers.add(aboveAttention(
                    whole.input(),
                    whole.projections(),
                    attentionOver(whole.attention(), highest),
                    kept.feedForward() == null ? kept : read.states(kept),
                    places));
        }
    }

    private Matrix lastHidden(List<LayerActivations> layers) {
        return before() ? read.hidden() : layers.get(layers.size() - 1).output();
    }

    /** Attention of all tokens, and the rest of a layer for those that are read. */
    private LayerActivations aboveAttention(
            Matrix input,
            Matrix projections,
            Attention attention,
            LayerActivations.States states,
            @Nullable PlaceActivations places) {
        boolean training = states.feedForward() != null;
        Matrix inner = read.inner();
        return new LayerActivations(
                input,
                projections,
                attention,
                read.context(),
                read.hidden(),
                inner,
                training ? read.intermediate() : read.activated(inner),
                before() ? input : read.hidden(),
                states,
                PlaceActivations.placed(attention, places));
    }

    /** The memory of a training pass whose layers share theirs, but for the input of each. */
    Activations recomputed() {
        PlaceActivations places = PlaceActivations.of(config, shape, true, this::take);
        GradientBuffers gradients = gradients(places);
        Matrix embedded = all.hidden();
        NormState embeddedState = config.architecture().normalisation().embedded() ? all.state() : null;
        NormState edgeState = before() ? read.state() : null;
        LayerActivations shared = trainingLayer(0, before() ? all.hidden() : embedded, gradients, places);
        List<LayerActivations> layers = new ArrayList<>(List.of(shared));
        List<Matrix> streams = new ArrayList<>();
        for (int l = 1; l < config.layers(); l++) {
            Matrix below = layers.get(l - 1).output();
            layers.add(shared.of(attentionOver(shared.attention(), l), below, before() ? below : all.hidden()));
            if (before()) {
                streams.add(all.hidden());
            }
        }
        cutHighest(layers, places);
        Matrix output = lastHidden(layers);
        return new Activations(
                embedded,
                embeddedState,
                edgeState,
                layers,
                all.hidden(),
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
        Matrix context = shape.packed() ? all.context() : attention.context();
        Matrix inner = all.inner();
        GradientBuffers.PlaceGradients ofPlaces =
                places == null ? null : GradientBuffers.PlaceGradients.of(places, attention, this::take);
        return new GradientBuffers(
                all.hidden(), projections, attention, context, all.activated(inner), inner, ofPlaces);
    }

    /**
     * Where tokens are packed, the projections before they are spread and the contexts before they are packed are needed
     * only in passing; the memory of their gradients, which come later, serves all layers.
     */
    private LayerActivations trainingLayer(
            int l, Matrix input, GradientBuffers later, @Nullable PlaceActivations places) {
        Matrix context = all.context();
        Attention attention = attention(l, shape.packed() ? later.attention().context() : context);
        Matrix projections = shape.packed() ? later.projections() : attention.projections();
        LayerActivations.States states = states(all);
        Matrix attended = all.hidden();
        Matrix inner = all.inner();
        Matrix activated = all.intermediate();
        Matrix output = before() ? input : all.hidden();
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
        Matrix embedded = all.hidden();
        Matrix hidden = before() ? all.hidden() : embedded;
        Matrix attended = before() ? hidden : all.hidden();
        Matrix inner = all.inner();
        Matrix activated = all.activated(inner);
        Attention first = attention(takeContext());
        Matrix projections = shape.packed() ? takeProjections() : first.projections();
        Matrix context = shape.packed() ? all.context() : first.context();
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
        cutHighest(layers, places);
        Matrix output = shape.cut() ? lastHidden(layers) : hidden;
        return new Activations(
                embedded, null, null, layers, all.hidden(), output, rotations(), null, places, read(false));
    }

    /** What a layer keeps of its heads' normalisations, and of those of some rows behind attention. */
    private LayerActivations.States states(RowMemory rows) {
        Architecture.Attention attention = config.architecture().attention();
        NormState query = attention.normed() ? headStates(config.heads()) : null;
        NormState key = attention.normed() ? headStates(attention.keyValueHeads()) : null;
        NormState input = before() ? all.state() : null;
        return rows.states(new LayerActivations.States(query, key, input, null, null, null));
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

    private Matrix take(int rows, int columns) {
        return memory.take(rows, columns);
    }
}
