package io.tessellate.runtime.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way to somebody who may read more slowly than they come. Progress is thinned where too much of it waits, every second
 * line, so that what is left is spread over the time and the newest is among it; the last line is never lost.
 */
final class WaitingLines {
    /** Lines of progress that wait at most. */
    static final int MOST = 64;

    private final Deque<Object> lines = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private long leftOut;

    /** Adds a line of progress; never waits. */
    void progress(Object line) {
        lock.lock();
        try {
            if (lines.size() >= MOST) {
                thin();
            }
            lines.add(line);
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    private void thin() {
        int waiting = lines.size();
        for (int i = 0; i < waiting; i++) {
            Object line = lines.remove();
            // The last that waits stays.
            if ((waiting - i) % 2 == 1) {
                lines.add(line);
            } else {
                leftOut++;
            }
        }
    }

    /** Adds the last line. */
    void last(Object line) {
        lock.lock();
        try {
            lines.add(line);
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next line, or null where none comes in time. */
    @Nullable
    Object next(long millis) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = TimeUnit.MILLISECONDS.toNanos(millis); lines.isEmpty() && left > 0; ) {
                left = more.awaitNanos(left);
            }
            return lines.poll();
        } finally {
            lock.unlock();
        }
    }

    /** How many lines of progress were left out so far. */
    long leftOut() {
        lock.lock();
        try {
            return leftOut;
        } finally {
            lock.unlock();
        }
    }
}
