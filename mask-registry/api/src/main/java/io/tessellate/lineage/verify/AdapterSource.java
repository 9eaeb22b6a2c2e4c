package io.tessellate.lineage.verify;

import io.tessellate.lineage.log.StoredFile;
import io.tessellate.mask.adapter.Adapter;

/** Where adapters are loaded from. */
@FunctionalInterface
public interface AdapterSource {
    /**
     * Loads an adapter whose bytes are those of the file's address.
     *
     * @throws io.tessellate.error.TessellateException if it is not there, or its bytes or content are not as they should be
     */
    Adapter load(StoredFile file);
}
