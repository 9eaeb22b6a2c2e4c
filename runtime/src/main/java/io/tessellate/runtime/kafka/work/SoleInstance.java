package io.tessellate.runtime.kafka.work;

import io.tessellate.runtime.kafka.KafkaClients;
import io.tessellate.runtime.kafka.KafkaFailures;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Looks whether a group has a member of our name that is not us. Joining would throw that one out, and whatever it is just
 * doing; it would come back and throw us out. What is left of an earlier life of ours is ours: it has our origin.
 *
 * @param name of the static member in its group
 * @param clientId of ours, which holds our origin
 * @param members of the group now
 */
record SoleInstance(String name, String clientId, Supplier<Collection<MemberDescription>> members) {
    private static final long ANSWER_SECONDS = 15;

    static SoleInstance in(KafkaClients clients, String group, String name, String clientId) {
        return new SoleInstance(name, clientId, () -> describe(clients, group));
    }

    /** Where the other one is, if there is one. */
    Optional<String> other() {
        return members.get().stream()
                .filter(member -> member.groupInstanceId().filter(name::equals).isPresent())
                .filter(member -> !member.clientId().equals(clientId))
                .findFirst()
                .map(member -> "%s at %s".formatted(member.clientId(), member.host()));
    }

    private static Collection<MemberDescription> describe(KafkaClients clients, String group) {
        try (Admin admin = clients.admin()) {
            return admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .members();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw KafkaFailures.of("the members of group " + group + " cannot be looked up", e);
        } catch (TimeoutException | InterruptedException e) {
            throw KafkaFailures.of("the members of group " + group + " cannot be looked up", e);
        }
    }
}
