/** The pipeline against a broker in a container: the image of docker/kafka, started by Testcontainers. */
@NullMarked
package io.tessellate.pipeline.docker;

import org.jspecify.annotations.NullMarked;
