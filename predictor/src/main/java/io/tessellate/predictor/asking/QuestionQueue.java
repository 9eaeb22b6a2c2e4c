package io.tessellate.predictor.asking;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.RetriableException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Questions by their view, so that those of one are answered together; views take turns. Holds only so many. */
final class QuestionQueue {
    private final PredictorSettings settings;
    private final Map<AskedView.Key, Deque<PendingQuestion>> byView = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private int waiting;

    QuestionQueue(PredictorSettings settings) {
        this.settings = settings;
    }

    /** Takes questions of one view, all or none; QUEUE_FULL if there is no room for all of them. */
    void put(List<PendingQuestion> questions) {
        lock.lock();
        try {
            if (waiting + questions.size() > settings.capacity()) {
                throw new RetriableException(
                        ErrorCode.QUEUE_FULL,
                        "%d questions wait, and %d more would be over the limit of %d"
                                .formatted(waiting, questions.size(), settings.capacity()));
            }
            for (PendingQuestion question : questions) {
                byView.computeIfAbsent(question.view().key(), key -> new ArrayDeque<>())
                        .add(question);
            }
            waiting += questions.size();
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for questions, and hands out some of one view. The first waits a little for others, unless other views wait too. */
    List<PendingQuestion> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (byView.isEmpty()) {
                more.await();
            }
            AskedView.Key key = byView.keySet().iterator().next();
            Deque<PendingQuestion> first = byView.get(key);
            long end = first.element().asked() + settings.patience().toNanos();
            while (first.size() < settings.most() && byView.size() == 1 && end - System.nanoTime() > 0) {
                more.awaitNanos(end - System.nanoTime());
            }
            return some(key, byView.remove(key));
        } finally {
            lock.unlock();
        }
    }

    private List<PendingQuestion> some(AskedView.Key key, Deque<PendingQuestion> first) {
        List<PendingQuestion> taken = new ArrayList<>();
        while (taken.size() < settings.most() && !first.isEmpty()) {
            taken.add(first.remove());
        }
        if (!first.isEmpty()) {
            byView.put(key, first);
        }
        waiting -= taken.size();
        return taken;
    }

    /** How many wait. */
    int size() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Hands out all that wait, for an end. */
    List<PendingQuestion> drain() {
        lock.lock();
        try {
            List<PendingQuestion> all =
                    byView.values().stream().flatMap(Deque::stream).toList();
            byView.clear();
            waiting = 0;
            return all;
        } finally {
            lock.unlock();
        }
    }
}
