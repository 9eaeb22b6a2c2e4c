package io.tessellate.runtime.config;

import io.tessellate.error.StorageFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.regex.Pattern;

/** The directory in which a process keeps what must survive it; made so that only its owner can look inside. */
public record DataDirectory(Path root) {
    private static final String IDENTITY = "identity";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.-]{1,100}");
    private static final String UNKNOWN_HOST = "host";
    private static final int LONGEST_HOST = 60;

    public DataDirectory {
        root = root.toAbsolutePath().normalize();
    }

    /** A directory inside, made if it is not there. */
    public Path directory(String name) {
        Path directory = root.resolve(name);
        try {
            OwnerOnly.newDirectory(root);
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw StorageFailure.of("cannot create directory " + directory, e);
        }
    }

    /** A file inside; its directory is made if it is not there. */
    public Path file(String name) {
        directory("");
        return root.resolve(name);
    }

    /**
     * A name that no other data directory has, and that stays: made at the first call. One process at a time may call this.
     */
    public String identity() {
        Path file = file(IDENTITY);
        try {
            if (Files.exists(file)) {
                String known = Files.readString(file).strip();
                if (NAME.matcher(known).matches()) {
                    return known;
                }
            }
            String fresh = host() + "-" + UUID.randomUUID().toString().substring(0, 13);
            Path aside = file(IDENTITY + ".part");
            Files.writeString(aside, fresh + "\n");
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return fresh;
        } catch (IOException e) {
            throw StorageFailure.of("cannot read or make " + file, e);
        }
    }

    /** For people who look at a group's members; the rest of the name makes it unique. */
    private static String host() {
        try {
            String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9.-]", "-");
            return host.isEmpty() ? UNKNOWN_HOST : host.substring(0, Math.min(host.length(), LONGEST_HOST));
        } catch (UnknownHostException e) {
            return UNKNOWN_HOST;
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
