/** The embedded default: a Kafka broker in this JVM and a schema registry as a child process. */
@NullMarked
package io.tessellate.pipeline.broker;

import org.jspecify.annotations.NullMarked;
