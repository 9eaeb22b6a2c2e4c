/**
 * The mask registry: the ledger of who owns which weight, the only writer of the registry's log.
 *
 * <p>Commands, finished trainings and measured versions come in by one Streams topology. A command decides from the state
 * and from the adapters in the blob store which events follow; the state changes only when those events are replayed,
 * which is also how it is rebuilt after a crash.
 */
@NullMarked
package io.tessellate.registry;

import org.jspecify.annotations.NullMarked;
