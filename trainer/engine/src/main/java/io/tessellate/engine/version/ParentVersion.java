package io.tessellate.engine.version;

import io.tessellate.engine.model.config.ModelConfig;
import io.tessellate.id.Sha256;
import io.tessellate.mask.Mask;
import io.tessellate.mask.adapter.VersionDigest;

/**
 * The version a task is trained on.
 *
 * @param config shape of the model
 * @param base SHA-256 of the base's weight file
 * @param digest identity of the version
 * @param views its weights; used during training, left open
 * @param owned eligible weights that its tasks own
 */
public record ParentVersion(ModelConfig config, Sha256 base, VersionDigest digest, Views views, Mask owned) {}
