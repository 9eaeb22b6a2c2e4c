package io.tessellate.runtime.lifecycle;

import io.tessellate.runtime.health.Health;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several services as one: started in order, stopped in reverse. */
public final class Services implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Services.class);

    private final String name;
    private final List<Service> members;
    private final Deque<Service> started = new ArrayDeque<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Services that depend on those before them. */
    public Services(String name, List<? extends Service> members) {
        this.name = name;
        this.members = List.copyOf(members);
    }

    @Override
    public String name() {
        return name;
    }

    /** The services in the order of their start. */
    public List<Service> members() {
        return members;
    }

    /** Starts all; when one fails, those already started are stopped again. */
    @Override
    public void start() {
        for (Service member : members) {
            synchronized (started) {
                if (closed.get()) {
                    return;
                }
                started.push(member);
            }
            try {
                member.start();
            } catch (RuntimeException e) {
                close();
                throw e;
            }
            LOG.info("{} started", member.name());
        }
    }

    /** Ready when all are, live while all are. */
    @Override
    public Health health() {
        Health all = Health.up(members.size() + " services");
        for (Service member : members) {
            Health health = member.health();
            all = all.and(new Health(health.ready(), health.live(), member.name() + ": " + health.detail()));
        }
        return all;
    }

    @Override
    public void close() {
        closed.set(true);
        for (Service member = next(); member != null; member = next()) {
            closeQuietly(member);
        }
    }

    private @org.jspecify.annotations.Nullable Service next() {
        synchronized (started) {
            return started.poll();
        }
    }

    private static void closeQuietly(Service member) {
        try {
            member.close();
            LOG.info("{} stopped", member.name());
        } catch (RuntimeException e) {
            LOG.warn("{} did not stop cleanly", member.name(), e);
        }
    }
}
