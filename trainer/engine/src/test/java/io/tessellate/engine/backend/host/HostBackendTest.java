package io.tessellate.engine.backend.host;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendContract;
import io.tessellate.engine.backend.Backends;

class HostBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        return Backends.open(Backends.HOST);
    }
}
