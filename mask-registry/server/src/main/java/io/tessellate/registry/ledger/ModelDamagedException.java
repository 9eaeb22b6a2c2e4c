package io.tessellate.registry.ledger;

import io.tessellate.error.TessellateException;
import io.tessellate.lineage.log.RegistryEvent;

/** A file of the model is not what it was stored as, so that nothing can be decided on it until somebody puts it back. */
public final class ModelDamagedException extends TessellateException {
    private static final long serialVersionUID = 1L;

    private final transient RegistryEvent.ModelParked parked;

    ModelDamagedException(RegistryEvent.ModelParked parked, TessellateException cause) {
        super(parked.code(), parked.reason(), cause);
        this.parked = parked;
    }

    /** The event that follows. */
    public RegistryEvent.ModelParked parked() {
        return parked;
    }
}
