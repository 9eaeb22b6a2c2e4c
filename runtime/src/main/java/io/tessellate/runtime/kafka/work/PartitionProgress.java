package io.tessellate.runtime.kafka.work;

import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which records of a partition are done, though they are not done in their order. What is committed is the offset of the first
 * that is open; the offsets of the other open ones go with it as its metadata, so that after a restart none that is done is
 * done again. Metadata that is not ours, for example of offsets that were reset by hand, says that nothing behind is done.
 *
 * <p>Safe for several threads: whoever has worked on a record marks it as done.
 */
final class PartitionProgress {
    private static final String VERSION = "open1";

    /** Offsets that are open. */
    private final NavigableSet<Long> open = new TreeSet<>();
    /** Of the time before: open below {@link #before}, everything else below it is done. */
    private final NavigableSet<Long> openBefore = new TreeSet<>();

    /** What was committed. A record below it is of another log: the topic was made anew. */
    private long start;

    private long before;
    private long next;

    private PartitionProgress(long position) {
        this.start = position;
        this.before = position;
        this.next = position;
    }

    /** Progress from what is committed, if anything is. */
    static PartitionProgress of(@Nullable OffsetAndMetadata committed) {
        if (committed == null) {
            return new PartitionProgress(0);
        }
        var progress = new PartitionProgress(committed.offset());
        progress.restore(committed);
        return progress;
    }

    private void restore(OffsetAndMetadata committed) {
        String[] words = committed.metadata().split(" ", -1);
        if (words.length < 2 || !words[0].equals(VERSION)) {
            return;
        }
        try {
            long end = Long.parseLong(words[1]);
            long offset = committed.offset();
            openBefore.add(offset);
            for (int n = 2; n < words.length; n++) {
                offset += Long.parseLong(words[n]);
                openBefore.add(offset);
            }
            before = end;
        } catch (NumberFormatException e) {
            openBefore.clear();
        }
    }

    /** Takes a record that was read; false if it was done before. */
    synchronized boolean arrived(long offset) {
        if (offset < start) {
            forget();
        }
        next = Math.max(next, offset + 1);
        if (offset < before && !openBefore.contains(offset)) {
            return false;
        }
        open.add(offset);
        return true;
    }

    private void forget() {
        open.clear();
        openBefore.clear();
        start = 0;
        before = 0;
        next = 0;
    }

    /** Marks a record as done; does nothing when that is known. */
    synchronized void done(long offset) {
        open.remove(offset);
    }

    /** How many records are open. */
    synchronized int open() {
        return open.size();
    }

    /** What is to be committed if this record is done too. */
    synchronized OffsetAndMetadata with(long done) {
        NavigableSet<Long> left = new TreeSet<>(open);
        openBefore.stream().filter(offset -> offset >= next).forEach(left::add);
        left.remove(done);
        long end = Math.max(next, before);
        if (left.isEmpty()) {
            return new OffsetAndMetadata(end);
        }
        return new OffsetAndMetadata(left.first(), metadata(left, end));
    }

    private static String metadata(NavigableSet<Long> left, long end) {
        if (left.size() == 1 && left.first() + 1 == end) {
            return "";
        }
        StringBuilder text = new StringBuilder(VERSION).append(' ').append(end);
        long last = left.first();
        for (long offset : left.tailSet(last, false)) {
            text.append(' ').append(offset - last);
            last = offset;
        }
        return text.toString();
    }
}
