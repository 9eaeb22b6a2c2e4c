package io.tessellate.topic;

import org.apache.avro.Conversion;

/**
 * Converts nothing: Avro looks for conversions when the first generated class is initialised, and finding this one makes it
 * trust the events. So even a program that only builds an event needs no further step.
 */
public final class TrustOnLoad extends Conversion<TrustOnLoad> {
    static {
        TrustedEvents.install();
    }

    /** For the service loader. */
    public TrustOnLoad() {}

    @Override
    public Class<TrustOnLoad> getConvertedType() {
        return TrustOnLoad.class;
    }

    @Override
    public String getLogicalTypeName() {
        return "tessellate-trust";
    }
}
