package io.tessellate.predictor.asking;

import io.tessellate.dataset.Question;
import io.tessellate.engine.answer.Answer;
import io.tessellate.engine.answer.AskedTask;
import io.tessellate.engine.answer.TaskAnswers;
import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.data.EncodedExample;
import io.tessellate.engine.model.batch.TokenSequence;
import io.tessellate.engine.model.files.BaseModel;
import io.tessellate.engine.model.weights.Weights;
import io.tessellate.engine.objective.Encoding;
import io.tessellate.engine.objective.TrainingObjective;
import io.tessellate.engine.plan.BackendMemory;
import io.tessellate.engine.plan.MemoryBudget;
import io.tessellate.engine.plan.MemoryPlan;
import io.tessellate.engine.plan.PlannedModel;
import io.tessellate.engine.precision.Precision;
import io.tessellate.engine.recipe.Recipe;
import io.tessellate.engine.version.Views;
import io.tessellate.error.StoppedException;
import io.tessellate.error.TessellateException;
import io.tessellate.id.Sha256;
import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.mask.adapter.AdapterFile;
import io.tessellate.runtime.blob.BlobStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A base in memory, one copy of it, that answers for every view of every model grown on it. Adapters and tokenizers stay as long as
 * they are used; of those that are not, the ones used last. For one thread at a time.
 */
final class LiveBase implements AutoCloseable {
    static final String NAME = "predictions";
    private static final int KEPT_TASKS = 32;
    private static final int KEPT_ADAPTERS = 128;

    private final BaseModel base;
    private final BlobStore blobs;
    private final Backend backend;
    private final MemoryBudget budget;
    private final long before;
    private final Views views;
    private final TaskAnswers answers;
    private final Map<Sha256, Adapter> adapters = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Sha256, LiveTask> tasks = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * The base alone.
     *
     * @param weights its weights, which are taken over
     */
    LiveBase(BaseModel base, Weights weights, BlobStore blobs, Backend backend, MemoryBudget budget) {
        this.base = base;
        this.blobs = blobs;
        this.backend = backend;
        this.budget = budget;
        this.before = backend.memory().allocatedBytes();
        this.views = new Views(weights, List.of());
        this.answers = new TaskAnswers(backend, base);
    }

    /** What a task's questions are encoded and answered by. */
    private record LiveTask(AskedTask task, Encoding encoding) {}

    /** Answers questions of a view, each by itself where it cannot be answered. */
    List<Reply> answer(AskedView view, List<Question> questions) {
        LiveTask task = task(view);
        @Nullable Reply[] replies = new Reply[questions.size()];
        List<EncodedExample> encoded = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < replies.length; i++) {
            try {
                encoded.add(encoded(task, questions.get(i)));
                places.add(i);
            } catch (TessellateException e) {
                replies[i] = Reply.Refused.of(e);
            }
        }
        List<Reply> answered = answered(view, task, encoded);
        for (int k = 0; k < places.size(); k++) {
            replies[places.get(k)] = answered.get(k);
        }
        List<Reply> all = new ArrayList<>();
        for (Reply reply : replies) {
            all.add(reply == null ? Reply.Refused.of(new IllegalStateException("no reply")) : reply);
        }
        return all;
    }

    private static EncodedExample encoded(LiveTask task, Question question) {
        EncodedExample example = task.encoding().encode(task.task().objective(), question);
        TaskAnswers.requireRoom(example, task.encoding().longest());
        return example;
    }

    /** A failure that a code is known for is one question's, so that the others are asked again without it. */
    private List<Reply> answered(AskedView view, LiveTask task, List<EncodedExample> questions) {
        if (questions.isEmpty()) {
            return List.of();
        }
        Weights weights = weights(view);
        try (MemoryBudget.Admission admitted =
                budget.admitBrief(NAME, backend, plan(base, backend, task.task(), questions), taken())) {
            List<Answer> all = answers.answer(weights, Views.headOf(adapter(view.own())), task.task(), questions);
            return all.stream().<Reply>map(Reply.Answered::new).toList();
        } catch (StoppedException e) {
            throw e;
        } catch (TessellateException e) {
            return questions.size() == 1
                    ? List.of(Reply.Refused.of(e))
                    : questions.stream()
                            .flatMap(one -> answered(view, task, List.of(one)).stream())
                            .toList();
        }
    }

    /** What the base takes with a question of one token. */
    static MemoryPlan least(BaseModel base, Backend backend) {
        return PlannedModel.scored(base.config(), base.layout(), base.weightBytes())
                .scoring(Precision.FP32, false, List.of(new int[] {1}), 0, BackendMemory.of(backend));
    }

    private static MemoryPlan plan(BaseModel base, Backend backend, AskedTask task, List<EncodedExample> questions) {
        List<int[]> lengths = new ArrayList<>();
        for (EncodedExample question : questions) {
            List<EncodedExample> rivals = question.rivals().completions();
            for (EncodedExample one : rivals.isEmpty() ? List.of(question) : rivals) {
                lengths.add(
                        one.sequences().stream().mapToInt(TokenSequence::length).toArray());
            }
        }
        boolean text = task.objective().head().isEmpty();
        if (text) {
            lengths.addAll(Collections.nCopies(TaskAnswers.spareTexts(), lengths.get(0)));
        }
        return PlannedModel.scored(base.config(), base.layout(), base.weightBytes())
                .scoring(
                        task.precision(),
                        text,
                        lengths,
                        text ? task.most() + TaskAnswers.spareTokens() : 0,
                        BackendMemory.of(backend));
    }

    /** Bytes of its plan that it has taken so far. */
    private long taken() {
        return base.weightBytes().vectors() + Math.max(0, backend.memory().allocatedBytes() - before);
    }

    private LiveTask task(AskedView view) {
        LiveTask known = tasks.get(view.own().sha256());
        if (known != null) {
            return known;
        }
        Recipe recipe = Recipe.parse(view.recipe());
        LiveTask made = new LiveTask(
                new AskedTask(
                        TrainingObjective.of(view.dataset().manifest(), base.config()),
                        view.dataset().manifest().decoding(),
                        recipe.precision()),
                Encoding.of(base.tokenizerFile(), base.config(), recipe));
        tasks.put(view.own().sha256(), made);
        if (tasks.size() > KEPT_TASKS) {
            Sha256 oldest = tasks.keySet().iterator().next();
            tasks.remove(oldest).encoding().close();
        }
        return made;
    }

    /** All adapters of a view are kept as long as it is asked, however many they are: {@link Views} knows them by their objects. */
    private Weights weights(AskedView view) {
        List<Adapter> wanted = view.adapters().stream().map(this::adapter).toList();
        Set<Sha256> used = view.adapters().stream().map(StoredFile::sha256).collect(Collectors.toSet());
        for (Iterator<Sha256> oldest = adapters.keySet().iterator();
                oldest.hasNext() && adapters.size() > KEPT_ADAPTERS; ) {
            if (!used.contains(oldest.next())) {
                oldest.remove();
            }
        }
        return views.with(wanted);
    }

    private Adapter adapter(StoredFile file) {
        return adapters.computeIfAbsent(file.sha256(), sha -> AdapterFile.read(blobs.fetch(sha)));
    }

    @Override
    public void close() {
        answers.close();
        views.close();
        tasks.values().forEach(task -> task.encoding().close());
    }
}
