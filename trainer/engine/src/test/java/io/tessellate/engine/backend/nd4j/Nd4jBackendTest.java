package io.tessellate.engine.backend.nd4j;

import io.tessellate.engine.backend.Backend;
import io.tessellate.engine.backend.BackendContract;
import io.tessellate.engine.backend.Backends;

class Nd4jBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        return Backends.open(Backends.ND4J);
    }
}
