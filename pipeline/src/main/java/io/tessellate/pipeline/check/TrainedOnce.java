package io.tessellate.pipeline.check;

import io.tessellate.event.TaskEvent;
import io.tessellate.event.TrainingEvent;
import io.tessellate.pipeline.check.topic.Placed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Promise 4. Every closed dataset is followed to its one end: nothing is published twice under one token, nothing committed
 * twice, nothing committed that was never closed.
 */
final class TrainedOnce implements Promise {
    @Override
    public int number() {
        return 4;
    }

    @Override
    public String says() {
        return "a dataset is trained effectively once";
    }

    @Override
    public PromiseVerdict examine(History history) {
        Findings findings = new Findings();
        Runs runs = new Runs(history);
        completedOnce(history, findings);
        for (ModelHistory model : history.models()) {
            committedOnce(model, findings);
            model.commits().forEach(commit -> follows(commit, runs, findings));
        }
        Map<String, String> excuses = new HashMap<>();
        history.models().forEach(model -> excuses.put(model.name(), model.excuse()));
        runs.ready.values().forEach(readies -> {
            readyOnce(readies, runs, findings);
            ends(readies.get(0), runs, excuses, findings);
        });
        return findings.verdict(
                this,
                "%d closed datasets, %d runs published, %d committed"
                        .formatted(runs.ready.size(), runs.completed.size(), runs.committed.size()));
    }

    /** What is known of every run. */
    private static final class Runs {
        private final Map<String, List<Placed<TaskEvent>>> ready;
        private final Map<String, Integer> ended = new HashMap<>();
        private final Set<String> completed = new HashSet<>();
        private final Set<String> committed = new HashSet<>();

        Runs(History history) {
            ready = History.byName(
                    history.tasks().stream()
                            .filter(event -> event.value().getReady() != null)
                            .toList(),
                    event -> event.getReady().getRunId());
            for (Placed<TrainingEvent> event : history.trainings()) {
                if (event.value().getFailed() != null) {
                    ended.merge(event.value().getRunId(), 1, Integer::sum);
                }
                if (event.value().getCompleted() != null) {
                    completed.add(publication(event.value()));
                }
            }
            history.models().forEach(this::decisions);
        }

        private void decisions(ModelHistory model) {
            model.rejections().forEach(refused -> ended.merge(refused.run().value(), 1, Integer::sum));
            model.cancellations()
                    .forEach(cancelled -> ended.merge(cancelled.run().value(), 1, Integer::sum));
            model.commits().forEach(commit -> committed.add(commit.run()));
        }
    }

    private static String publication(TrainingEvent event) {
        return publication(
                event.getRunId(),
                event.getCompleted().getToken(),
                event.getCompleted().getAdapter().getSha256());
    }

    private static String publication(String run, long token, String adapter) {
        return run + " " + token + " " + adapter;
    }

    private static void completedOnce(History history, Findings findings) {
        Map<String, Placed<TrainingEvent>> seen = new HashMap<>();
        for (Placed<TrainingEvent> event : history.trainings()) {
            if (event.value().getCompleted() == null) {
                continue;
            }
            TrainingEvent said = event.value();
            String token = said.getRunId() + " " + said.getCompleted().getToken();
            Placed<TrainingEvent> first = seen.putIfAbsent(token, event);
            if (first != null) {
                findings.broken(Breach.of(
                                said.getModel(),
                                "run %s was published under token %d at %s already"
                                        .formatted(
                                                said.getRunId(),
                                                said.getCompleted().getToken(),
                                                first.place()))
                        .task(said.getTask())
                        .at(event));
            }
        }
    }

    private static void committedOnce(ModelHistory model, Findings findings) {
        int registrations = model.registrations().size();
        if (registrations > 1) {
            findings.broken(Breach.of(model.name(), "it was registered %d times".formatted(registrations)));
        }
        Map<String, Commit> runs = new HashMap<>();
        for (Version version : model.versions()) {
            Commit commit = version.commit();
            if (commit == null) {
                continue;
            }
            Commit first = version.builtOn().stream()
                    .filter(held -> held.task().equals(commit.task()))
                    .findFirst()
                    .orElse(runs.get(commit.run()));
            runs.putIfAbsent(commit.run(), commit);
            if (first != null) {
                findings.broken(commit.breach("the task was committed as version %d already, by run %s; this is run %s"
                        .formatted(first.version(), first.run(), commit.run())));
            }
        }
    }

    /** A commit follows from a dataset that was closed, and from what a worker published. */
    private static void follows(Commit commit, Runs runs, Findings findings) {
        var event = commit.event().value();
        List<Placed<TaskEvent>> readies = runs.ready.getOrDefault(commit.run(), List.of());
        if (readies.stream()
                .noneMatch(ready -> ready.value()
                        .getReady()
                        .getDatasetDigest()
                        .equals(event.datasetDigest().hex()))) {
            findings.broken(commit.breach("run %s trained dataset %s, which was never closed"
                    .formatted(commit.run(), event.datasetDigest().hex())));
        }
        if (!runs.completed.contains(publication(commit.run(), event.token(), commit.adapter()))) {
            findings.broken(commit.breach("no worker published adapter %s of run %s under token %d"
                            .formatted(commit.adapter(), commit.run(), event.token()))
                    .path(Commit.path(commit.adapter())));
        }
    }

    /** A run may be asked for again only after it ended without a version. */
    private static void readyOnce(List<Placed<TaskEvent>> readies, Runs runs, Findings findings) {
        Placed<TaskEvent> last = readies.get(readies.size() - 1);
        String run = last.value().getReady().getRunId();
        int ended = runs.ended.getOrDefault(run, 0);
        if (readies.size() > 1 + ended) {
            findings.broken(Breach.of(
                            last.value().getModel(),
                            "run %s was asked for %d times and ended without a version %d times"
                                    .formatted(run, readies.size(), ended))
                    .task(last.value().getTask())
                    .at(last));
        }
    }

    private static void ends(Placed<TaskEvent> ready, Runs runs, Map<String, String> excuses, Findings findings) {
        TaskEvent task = ready.value();
        String run = task.getReady().getRunId();
        if (!runs.committed.contains(run) && !runs.ended.containsKey(run)) {
            findings.open("%s/%s is closed, and run %s is neither committed nor ended%s"
                    .formatted(task.getModel(), task.getTask(), run, excuses.getOrDefault(task.getModel(), "")));
        }
    }
}
