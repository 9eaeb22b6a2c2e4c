package io.tessellate.lineage;

import io.tessellate.id.TaskId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has become of a model's versions: how each was judged, which one is champion, and which adapters a person went back from. */
final class Championship {
    private final Map<Integer, VersionStanding> judged;
    private final Set<Integer> heldBack;
    private int champion;

    Championship() {
        this(Map.of(), Set.of(), 0);
    }

    private Championship(Map<Integer, VersionStanding> judged, Set<Integer> heldBack, int champion) {
        this.judged = new HashMap<>(judged);
        this.heldBack = new HashSet<>(heldBack);
        this.champion = champion;
    }

    /** The same as of now, which changes no more with this one. */
    Championship copy() {
        return new Championship(judged, heldBack, champion);
    }

    /** A version was judged, and the champion stays. */
    void judge(int version, VersionStanding standing) {
        judged.put(version, standing);
    }

    /** A version is champion. */
    void crown(int version) {
        judged.put(version, VersionStanding.PROMOTED);
        champion = version;
    }

    /** A person chose a version: nothing it holds is held back any more. */
    void choose(Holding holding) {
        heldBack.removeAll(holding.numbers());
    }

    /** A person went back to a version: what another one holds beyond it is held back. */
    void goBack(Holding to, Holding from) {
        heldBack.addAll(from.numbers());
        choose(to);
    }

    /** The champion's number; 0 while there is none. */
    int champion() {
        return champion;
    }

    VersionStanding standing(int version) {
        return version == champion ? VersionStanding.CHAMPION : judged.getOrDefault(version, VersionStanding.CANDIDATE);
    }

    /** What of some adapters is held back. */
    List<TaskId> heldBack(Holding holding) {
        return holding.commits().stream()
                .filter(commit -> heldBack.contains(commit.number()))
                .map(CommittedVersion::task)
                .toList();
    }
}
