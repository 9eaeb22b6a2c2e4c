package io.tessellate.pipeline.check;

import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.log.RegistryEvent.ModelRegistered;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.VersionDigest;
import io.tessellate.pipeline.check.topic.Placed;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Promise 7. Wherever the same dataset was trained by the same recipe on the same weights and the same kind of machine, in
 * whatever models, the values must be the same to the last bit.
 */
final class SameInputSameWeights implements Promise {
    @Override
    public int number() {
        return 7;
    }

    @Override
    public String says() {
        return "the same input gives the same weights on one kind of machine";
    }

    @Override
    public PromiseVerdict examine(History history) {
        Findings findings = new Findings();
        Inputs inputs = new Inputs(history);
        Map<TrainedInput, Trained> first = new LinkedHashMap<>();
        int compared = 0;
        for (ModelHistory model : history.models()) {
            ModelRegistered base = model.registered().orElse(null);
            if (base != null) {
                compared += compare(model, base, history, inputs, first, findings);
            }
        }
        if (compared == 0) {
            findings.note("no input was trained twice: there is nothing to compare");
        }
        return findings.verdict(
                this, "%d different inputs, %d of them trained again".formatted(first.size(), compared));
    }

    /** What was trained, by whom, and what came of it. */
    private record Trained(Commit commit, Sha256 values) {}

    private static int compare(
            ModelHistory model,
            ModelRegistered base,
            History history,
            Inputs inputs,
            Map<TrainedInput, Trained> first,
            Findings findings) {
        int compared = 0;
        Map<VersionDigest, Sha256> weights = new HashMap<>();
        Map<Commit, Sha256> values = new HashMap<>();
        weights.put(VersionDigest.base(base.baseDigest()), base.baseDigest());
        for (Version version : model.versions()) {
            Commit commit = version.commit();
            if (commit != null) {
                Adapter adapter = commit.load(history.blobs(), findings).orElse(null);
                values.put(commit, adapter == null ? new Sha256(commit.adapter()) : TrainingDigest.digest(adapter));
                Sha256 parent =
                        adapter == null ? null : weights.get(adapter.metadata().parent());
                if (parent != null) {
                    Trained trained = new Trained(commit, values.get(commit));
                    Optional<TrainedInput> input = inputs.of(model, commit, parent);
                    compared += input.map(known -> compare(known, trained, first, findings))
                            .orElse(0);
                }
            }
            weights.put(version.digest(base.baseDigest()), content(base, version, values));
        }
        return compared;
    }

    /** What a version's weights are made of, whatever its model and its tasks are called. */
    private static Sha256 content(ModelRegistered base, Version version, Map<Commit, Sha256> values) {
        Sha256 content = base.baseDigest();
        for (Commit held : version.holds()) {
            content = Sha256.of((content + "\n" + held.event().value().datasetDigest() + "\n" + values.get(held))
                    .getBytes(StandardCharsets.UTF_8));
        }
        return content;
    }

    private static int compare(
            TrainedInput input, Trained trained, Map<TrainedInput, Trained> first, Findings findings) {
        Trained earlier = first.putIfAbsent(input, trained);
        if (earlier == null) {
            return 0;
        }
        if (!earlier.values().equals(trained.values())) {
            findings.broken(trained.commit()
                    .breach("its values are %.12s, from the same input came %.12s as %s/%s version %d"
                            .formatted(
                                    trained.values(),
                                    earlier.values(),
                                    earlier.commit().model(),
                                    earlier.commit().task(),
                                    earlier.commit().version()))
                    .path(Commit.path(trained.commit().adapter())));
        }
        return 1;
    }

    /** Finds what the runs were given. */
    private static final class Inputs {
        private final History history;
        private final Map<String, TaskEvent> datasets = new HashMap<>();
        private final Map<String, TrainingEvent> published = new HashMap<>();

        Inputs(History history) {
            this.history = history;
            history.tasks().stream()
                    .map(Placed::value)
                    .filter(event -> event.getReady() != null)
                    .forEach(event -> datasets.put(event.getReady().getRunId(), event));
            history.trainings().stream()
                    .map(Placed::value)
                    .filter(event -> event.getCompleted() != null)
                    .forEach(event -> published.put(
                            event.getRunId() + " " + event.getCompleted().getToken(), event));
        }

        /** The input of a commit; nothing where its dataset or its publication cannot be had any more. */
        Optional<TrainedInput> of(ModelHistory model, Commit commit, Sha256 parent) {
            TaskEvent dataset = datasets.get(commit.run());
            TrainingEvent training =
                    published.get(commit.run() + " " + commit.event().value().token());
            if (dataset == null || training == null) {
                return Optional.empty();
            }
            return history.topics()
                    .digest(dataset.getReady().getTopic(), dataset.getReady().getRanges())
                    .map(records -> TrainedInput.of(model, commit, parent, records, training.getCompleted()));
        }
    }
}
