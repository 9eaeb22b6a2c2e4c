package io.tessellate.runtime.lifecycle;

import io.tessellate.runtime.health.Health;

/**
 * A service that is somebody else's. Whoever borrows it sees to it that it runs, and leaves the end of it to its owner.
 *
 * @param service what is borrowed; starting it again must do nothing
 */
public record Borrowed(Service service) implements Service {
    @Override
    public String name() {
        return service.name();
    }

    @Override
    public void start() {
        service.start();
    }

    @Override
    public Health health() {
        return service.health();
    }

    @Override
    public void close() {
        // its owner's to do
    }
}
