package io.tessellate.lineage;

import java.util.Locale;

/** What has become of a version. */
public enum VersionStanding {
    /** Nobody has held it against the forgetting budget yet. */
    CANDIDATE,
    /** It was champion, until a later version was. */
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
