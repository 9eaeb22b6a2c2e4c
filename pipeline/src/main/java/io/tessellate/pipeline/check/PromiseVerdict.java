package io.tessellate.pipeline.check;

import java.util.ArrayList;
import java.util.List;

/**
 * What came of holding a history against one promise.
 *
 * @param number the promise's number
 * @param promise what it says
 * @param found what was looked at, with the numbers
 * @param broken where it is not kept
 * @param open what is not finished yet, so that nothing can be said about it
 * @param notes what was left out, and why
 */
public record PromiseVerdict(
        int number, String promise, String found, List<Breach> broken, List<String> open, List<String> notes) {
    public PromiseVerdict {
        broken = List.copyOf(broken);
        open = List.copyOf(open);
        notes = List.copyOf(notes);
    }

    /** The later verdict, of whose breaches those that are not in this one cannot be told yet. */
    PromiseVerdict confirmedBy(PromiseVerdict later) {
        List<String> unsure = new ArrayList<>(later.open);
        List<Breach> confirmed = new ArrayList<>();
        for (Breach breach : later.broken) {
            if (broken.stream().anyMatch(breach::isAboutTheSameAs)) {
                confirmed.add(breach);
            } else {
                unsure.add("seen in one reading of two: " + breach.text());
            }
        }
        return new PromiseVerdict(later.number, later.promise, later.found, confirmed, unsure, later.notes);
    }

    /** Whether nothing breaks it. */
    public boolean kept() {
        return broken.isEmpty();
    }
}
