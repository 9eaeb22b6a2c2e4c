package io.tessellate.registry;

import io.tessellate.id.ModelName;
import io.tessellate.id.RunId;
import io.tessellate.id.TaskId;
import io.tessellate.lineage.ModelLine;
import io.tessellate.lineage.log.Author;
import io.tessellate.registry.client.RegistryClient;
import io.tessellate.registry.http.Acts;

/** Acts by the process's client, as everybody's commands do. */
record ClientActs(RegistryClient client) implements Acts {
    @Override
    public ModelLine resume(ModelName model, Author author) {
        return client.resume(model, author.who(), author.why());
    }

    @Override
    public ModelLine promote(ModelName model, int version, boolean force, Author author) {
        return client.promote(model, version, force, author);
    }

    @Override
    public ModelLine rollBack(ModelName model, int version, boolean force, Author author) {
        return client.rollBack(model, version, force, author);
    }

    @Override
    public ModelLine drop(TaskId task, Author author) {
        return client.drop(task, author);
    }

    @Override
    public ModelLine cancel(TaskId task, RunId run, Author author) {
        return client.cancel(task, run, author);
    }
}
