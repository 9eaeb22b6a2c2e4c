package io.tessellate.lineage.json;

import io.tessellate.lineage.log.StoredFile;

/** A stored file in JSON. */
record FileJson(String name, String sha256, long bytes) {
    static FileJson of(StoredFile file) {
        return new FileJson(file.name(), file.sha256().hex(), file.bytes());
    }
}
