package io.tessellate.engine.backend.nd4j;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The NVIDIA GPUs of this machine.
 *
 * @param devices in the driver's order
 * @param reason why there are none; empty if there are
 */
record Gpus(List<Device> devices, String reason) {
    /** One GPU. */
    record Device(String name, ComputeCapability capability) {
        @Override
        public String toString() {
            return "%s (compute capability %s)".formatted(name, capability);
        }
    }

    Gpus {
        devices = List.copyOf(devices);
    }

    static Gpus none(String reason) {
        return new Gpus(List.of(), reason);
    }

    /** Reads lines of the form {@code NVIDIA A10, 8.6}; what is not of that form tells why there are none. */
    static Gpus parse(List<String> lines) {
        try {
            List<Device> devices = lines.stream()
                    .filter(line -> !line.isBlank())
                    .map(Gpus::device)
                    .toList();
            return devices.isEmpty() ? none("the driver names no GPU") : new Gpus(devices, "");
        } catch (NumberFormatException e) {
            return none("the driver answers: " + String.join(" ", lines).strip());
        }
    }

    private static Device device(String line) {
        int comma = line.lastIndexOf(',');
        return new Device(
                line.substring(0, Math.max(0, comma)).strip(), ComputeCapability.parse(line.substring(comma + 1)));
    }

    /** What was found, in one line. */
    String describe() {
        return devices.isEmpty()
                ? "no NVIDIA GPU (%s)".formatted(reason)
                : devices.stream().map(Device::toString).collect(Collectors.joining(", "));
    }

    /** Why none of them can be used, naming what was found, what is supported and what to do instead; empty if one can. */
    Optional<String> problem() {
        if (devices.stream().anyMatch(device -> device.capability().supported())) {
            return Optional.empty();
        }
        return Optional.of(
                ("found %s; ND4J 1.0.0-M2.1's CUDA libraries run on compute capability %s to %s and nothing newer;"
                                + " use the CPU: backend 'host', or 'nd4j-or-cpu' to fall back to it by itself")
                        .formatted(describe(), ComputeCapability.OLDEST, ComputeCapability.NEWEST));
    }
}
