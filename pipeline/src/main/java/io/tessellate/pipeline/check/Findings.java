package io.tessellate.pipeline.check;

import java.util.ArrayList;
import java.util.List;

/** What is found while a history is held against a promise. */
final class Findings {
    private final List<Breach> broken = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** The promise is broken here. */
    void broken(Breach breach) {
        broken.add(breach);
    }

    /** Work that has not come to its end: neither kept nor broken. */
    void open(String what) {
        open.add(what);
    }

    /** Something that is left out of the judgement. */
    void note(String what) {
        notes.add(what);
    }

    PromiseVerdict verdict(Promise promise, String found) {
        return new PromiseVerdict(promise.number(), promise.says(), found, broken, open, notes);
    }
}
