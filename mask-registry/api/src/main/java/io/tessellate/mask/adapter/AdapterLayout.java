package io.tessellate.mask.adapter;

import io.tessellate.safetensors.TensorSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/** Names and checksums that writer and reader of the format share. */
final class AdapterLayout {
    static final String FORMAT = "tessellate-adapter";
    static final String VERSION = "1";

    /** Since this version a lift may be shared, and an update may have factors. */
    static final String VERSION_2 = "2";

    /** Since this version the units of a regression's values are there, and only where they are. */
    static final String VERSION_3 = "3";

    /** Most characters of the lists of updates and head tensors. */
    static final int MAX_LIST = 1 << 22;

    static final String FORMAT_KEY = "format";
    static final String VERSION_KEY = "formatVersion";
    static final String BASE_KEY = "baseDigest";
    static final String PARENT_KEY = "parentDigest";
    static final String TASK_KEY = "task";
    static final String METHOD_KEY = "method";
    static final String RUN_KEY = "run";
    static final String RECIPE_KEY = "recipe";
    static final String UPDATES_KEY = "updates";
    static final String HEAD_KEY = "head";
    static final String CHECKSUM_KEY = "checksum";

    /** Since version 2, and only where there are factors. */
    static final String FACTORS_KEY = "factors";

    /** Of version 3, always. */
    static final String UNITS_KEY = "units";

    /** All keys of the metadata but {@link #FACTORS_KEY} and {@link #UNITS_KEY}. */
    static final List<String> KEYS = List.of(
            BASE_KEY,
            CHECKSUM_KEY,
            FORMAT_KEY,
            VERSION_KEY,
            HEAD_KEY,
            METHOD_KEY,
            PARENT_KEY,
            RECIPE_KEY,
            RUN_KEY,
            TASK_KEY,
            UPDATES_KEY);

    static final String ALL = "all";
    static final String RICE = "rice";
    static final String SEEDED = "seeded";
    static final String SHARED = "shared";

    private AdapterLayout() {}

    static String valuesOf(String tensor) {
        return "values/" + tensor;
    }

    static String indexOf(String tensor) {
        return "index/" + tensor;
    }

    static String headTensor(String name) {
        return "head/" + name;
    }

    static String factorA(String tensor) {
        return "factor/" + tensor + ".A";
    }

    static String factorB(String tensor) {
        return "factor/" + tensor + ".B";
    }

    /** Checksum of a tensor's bytes, which are made once for it. */
    static String checksum(TensorSource tensor) {
        CRC32C crc = new CRC32C();
        try {
            tensor.writeTo(new CheckedOutputStream(OutputStream.nullOutputStream(), crc));
        } catch (IOException e) {
            throw new IllegalStateException("nothing is written", e);
        }
        return hex(crc);
    }

    /** Checksum of all metadata but the checksum itself. */
    static String checksum(Map<String, String> metadata) {
        CRC32C crc = new CRC32C();
        new TreeMap<>(metadata).forEach((key, value) -> {
            if (!key.equals(CHECKSUM_KEY)) {
                crc.update((key + '\0' + value + '\0').getBytes(StandardCharsets.UTF_8));
            }
        });
        return hex(crc);
    }

    static String hex(CRC32C crc) {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
