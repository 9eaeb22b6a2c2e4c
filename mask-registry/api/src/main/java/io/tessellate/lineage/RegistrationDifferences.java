package io.tessellate.lineage;

import static java.util.stream.Collectors.toMap;

import io.tessellate.lineage.log.RegistryEvent;
import io.tessellate.lineage.log.StoredFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a second registration would change: whatever files there are, each is held against the one of its name. */
final class RegistrationDifferences {
    private static final int SHOWN = 12;

    private RegistrationDifferences() {}

    static List<String> between(RegistryEvent.ModelRegistered first, RegistryEvent.ModelRegistered second) {
        List<String> all = new ArrayList<>(ofFiles(files(first), files(second)));
        if (first.ownership() != second.ownership()) {
            all.add("its ownership is %s, not %s".formatted(first.ownership(), second.ownership()));
        }
        if (first.forgettingBudget() != second.forgettingBudget()) {
            all.add("its forgetting budget is %s, not %s"
                    .formatted(first.forgettingBudget(), second.forgettingBudget()));
        }
        if (first.promoteUnmeasured() != second.promoteUnmeasured()) {
            all.add(
                    first.promoteUnmeasured()
                            ? "its versions are promoted although a task could not be measured"
                            : "its versions are promoted only when every task was measured");
        }
        if (!first.rules().equals(second.rules())) {
            all.add("it is judged by %s, not by %s"
                    .formatted(first.rules().text(), second.rules().text()));
        }
        if (all.isEmpty() && !first.space().equals(second.space())) {
            all.add("its eligible tensors are others");
        }
        return all;
    }

    private static List<String> ofFiles(Map<String, StoredFile> first, Map<String, StoredFile> second) {
        TreeSet<String> names = new TreeSet<>(first.keySet());
        names.addAll(second.keySet());
        List<String> all = new ArrayList<>();
        for (String name : names) {
            StoredFile one = first.get(name);
            StoredFile other = second.get(name);
            if (one == null) {
                all.add("%s is new".formatted(name));
            } else if (other == null) {
                all.add("%s is missing".formatted(name));
            } else if (!one.sha256().equals(other.sha256())) {
                all.add("%s differs (SHA-256 %s, not %s)".formatted(name, shown(one), shown(other)));
            }
        }
        return all;
    }

    private static Map<String, StoredFile> files(RegistryEvent.ModelRegistered base) {
        return base.files().stream().collect(toMap(StoredFile::name, file -> file, (one, same) -> one, TreeMap::new));
    }

    private static String shown(StoredFile file) {
        return file.sha256().hex().substring(0, SHOWN);
    }
}
