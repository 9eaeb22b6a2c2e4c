package io.tessellate.pipeline.check;

import io.tessellate.lineage.log.LoggedEvent;
import io.tessellate.lineage.log.RegistryEvent.MaskReserved;
import io.tessellate.mask.Mask;
import io.tessellate.mask.ParameterSpace;
import io.tessellate.mask.adapter.Adapter;
import io.tessellate.pipeline.check.topic.Placed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Promise 1. Every committed adapter is read, and its mask held against those of all others in its version; so is
 * the order of the log itself, on which the answer rests.
 */
final class OneOwner implements Promise {
    @Override
    public int number() {
        return 1;
    }

    @Override
    public String says() {
        return "no weight has two owners";
    }

    @Override
    public PromiseVerdict examine(History history) {
        Findings findings = new Findings();
        long weights = 0;
        int adapters = 0;
        for (ModelHistory model : history.models()) {
            theLogIsWhole(model, findings);
            if (!model.exclusive()) {
                leftOut(model, findings);
                continue;
            }
            Map<Commit, Mask> owners = owners(model, history, findings);
            adapters += owners.size();
            weights += owners.values().stream().mapToLong(Mask::cardinality).sum();
        }
        return findings.verdict(
                this, "%,d weights of %d adapters, each against all earlier ones".formatted(weights, adapters));
    }

    private static void leftOut(ModelHistory model, Findings findings) {
        if (model.registered().isPresent()) {
            findings.note(model.name() + " shares its weights between tasks: nothing is owned there");
        }
    }

    private static void theLogIsWhole(ModelHistory model, Findings findings) {
        long sequence = 0;
        long token = 0;
        int home = model.events().get(0).partition();
        for (Placed<LoggedEvent> event : model.events()) {
            if (event.partition() != home) {
                findings.broken(
                        Breach.of(model.name(), "its events lie in partition %d and in this one".formatted(home))
                                .at(event));
            }
            if (event.value().sequence() != sequence + 1) {
                findings.broken(Breach.of(
                                model.name(),
                                "event %d follows event %d"
                                        .formatted(event.value().sequence(), sequence))
                        .at(event));
            }
            sequence = event.value().sequence();
            token = theTokenGrows(model, event, token, findings);
        }
    }

    private static long theTokenGrows(ModelHistory model, Placed<LoggedEvent> event, long token, Findings findings) {
        if (!(event.value().event() instanceof MaskReserved reserved)) {
            return token;
        }
        if (reserved.token() <= token) {
            findings.broken(Breach.of(model.name(), "token %d follows token %d".formatted(reserved.token(), token))
                    .task(reserved.task().value())
                    .at(event));
        }
        return Math.max(token, reserved.token());
    }

    private static Map<Commit, Mask> owners(ModelHistory model, History history, Findings findings) {
        ParameterSpace space = model.registered().orElseThrow().space();
        Map<Commit, Mask> owners = new LinkedHashMap<>();
        List<Commit> line = List.of();
        Mask owned = Mask.none(space);
        for (Version version : model.versions()) {
            if (!line.equals(version.builtOn())) {
                line = version.builtOn();
                owned = union(line, owners, space);
            }
            builtAsItSays(version, findings);
            Commit commit = version.commit();
            Adapter adapter = commit == null
                    ? null
                    : commit.load(history.blobs(), findings).orElse(null);
            if (commit == null || adapter == null) {
                continue;
            }
            Mask mask = adapter.mask(space);
            if (mask.intersects(owned)) {
                line.stream()
                        .filter(owners::containsKey)
                        .forEach(earlier -> shared(commit, mask, earlier, owners.get(earlier), findings));
            }
            asTheLogSays(commit, mask, findings);
            owners.put(commit, mask);
            owned = owned.union(mask);
            line = version.holds();
        }
        return owners;
    }

    private static Mask union(List<Commit> line, Map<Commit, Mask> owners, ParameterSpace space) {
        return line.stream().map(owners::get).filter(Objects::nonNull).reduce(Mask.none(space), Mask::union);
    }

    /** A training adds its adapter to what its parent held; what is composed holds nothing that its parent did not. */
    private static void builtAsItSays(Version version, Findings findings) {
        List<Commit> allowed = new ArrayList<>(version.builtOn());
        if (version.commit() != null) {
            allowed.add(version.commit());
        }
        boolean kept =
                version.commit() == null ? allowed.containsAll(version.holds()) : allowed.equals(version.holds());
        if (!kept) {
            findings.broken(version.breach("it holds the adapters of %s, and was built on those of %s"
                    .formatted(
                            version.tasks(),
                            version.builtOn().stream().map(Commit::task).toList())));
        }
    }

    private static void shared(Commit commit, Mask mask, Commit earlier, Mask its, Findings findings) {
        Mask both = mask.intersection(its);
        if (!both.isEmpty()) {
            List<String> tensors = both.space().tensors().stream()
                    .map(tensor -> tensor.name())
                    .filter(name -> both.cardinality(both.space().ordinal(name)) > 0)
                    .toList();
            findings.broken(commit.breach("%d of its weights belong to %s since version %d, in %s"
                            .formatted(both.cardinality(), earlier.task(), earlier.version(), tensors))
                    .path(Commit.path(commit.adapter())));
        }
    }

    private static void asTheLogSays(Commit commit, Mask mask, Findings findings) {
        long owned = commit.event().value().owned();
        long overlap = commit.event().value().overlap();
        if (owned != mask.cardinality() || overlap != 0) {
            findings.broken(commit.breach("the log says %d owned and %d shared weights, the adapter has %d"
                    .formatted(owned, overlap, mask.cardinality())));
        }
    }
}
