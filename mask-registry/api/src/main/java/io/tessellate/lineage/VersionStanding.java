package io.tessellate.lineage;

import java.util.Locale;

/** What has become of a version. */
public enum VersionStanding {
    /** Nobody has held it against the forgetting budget yet. */
    CANDIDATE,
    /** It keeps the model's rules, and another version was or stayed champion. */
    PASSED,
    /** It was champion, until another version was. */
    PROMOTED,
    /** The alias champion names it. */
    CHAMPION,
    /** It must not become champion. */
    QUARANTINED;

    /** As people read it, for example {@code champion}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
