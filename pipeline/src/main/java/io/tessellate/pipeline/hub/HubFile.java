package io.tessellate.pipeline.hub;

/**
 * One file of a model at a commit.
 *
 * @param name within the repository
 */
record HubFile(HubReference model, String commit, String name) {
    /** Where the Hub has it. */
    String path() {
        return "/%s/resolve/%s/%s".formatted(model.repository(), commit, name);
    }
}
