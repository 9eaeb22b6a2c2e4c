/** What the evaluator asks and answers by HTTP beside its page: analyses, acts on alerts, and endpoints that alerts are sent to. */
@NullMarked
package io.tessellate.evaluator.http;

import org.jspecify.annotations.NullMarked;
