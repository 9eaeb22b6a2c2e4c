package io.tessellate.evaluator.live;

/** What is counted of a task's answers and labels. */
public enum LiveCount {
    /** Answers that have an id. */
    ANSWERED("answered"),
    /** Answers without one, which no label can come back to. */
    ANONYMOUS("anonymous"),
    /** Answers by a view and version that had answered the id; the first counts. */
    ANSWERED_AGAIN("answeredAgain"),
    /** Ids whose label came. */
    LABELS("labels"),
    /** Labels that came again as they were. */
    LABELS_AGAIN("labelsAgain"),
    /** Labels that came again and were others; the first counts. */
    LABELS_CHANGED("labelsChanged"),
    /** Pairs of which no score is made: of two kinds, or of a version older than those that are kept. */
    NOT_COMPARABLE("notComparable"),
    /** Ids that were answered and have no label yet. */
    WAITING("waiting"),
    /** Ids that have a label and no answer yet. */
    EARLY("early"),
    /** Ids that were answered and forgotten before a label came. */
    NEVER_LABELLED("neverLabelled"),
    /** Ids whose label was forgotten before an answer came. */
    NEVER_ANSWERED("neverAnswered");

    private final String label;

    LiveCount(String label) {
        this.label = label;
    }

    /** Its name in events and in JSON. */
    public String label() {
        return label;
    }
}
