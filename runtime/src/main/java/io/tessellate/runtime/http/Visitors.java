package io.tessellate.runtime.http;

import io.javalin.http.Context;
import io.tessellate.error.ErrorCode;
import io.tessellate.error.Printable;
import io.tessellate.error.TessellateException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask a server anything. A page of another site must not read it: neither by a request of its own, which carries the
 * site's origin, nor by giving its own name our address, which then stands in the header Host. Addresses in that header are
 * harmless, since nobody else can answer to them; a request without that header comes from no page.
 */
final class Visitors {
    private static final String ANY = "*";
    /** What a browser says of a request by a page of this server, and of one by its reader; an unknown word is another site's. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]+]");
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|\\[::1]");

    private final HttpSettings settings;

    Visitors(HttpSettings settings) {
        this.settings = settings;
    }

    /**
     * Throws FOREIGN_ORIGIN where a browser says that a page of another site, or another server of the same machine, sends something.
     * What it only reads may come by a link, which it says the same of.
     */
    void checkWriting(Context context) {
        String site = context.header("Sec-Fetch-Site");
        if (site != null && !OWN_SITES.contains(site)) {
            throw foreign("a page of another server may not act on this one (Sec-Fetch-Site: %s)", site);
        }
    }

    /** Throws FOREIGN_ORIGIN unless the request is one to this server, from nowhere or from a page of it. */
    void check(Context context) {
        String host = context.header("Host");
        if (host != null && !isOurs(name(host))) {
            throw foreign(
                    "this server is not called '%s': it answers to localhost, to its addresses and to the names in"
                            + " tessellate.http.hosts",
                    host);
        }
        String origin = context.header("Origin");
        if (origin != null && (host == null || !host.equalsIgnoreCase(authority(origin)))) {
            throw foreign("a page of '%s' may not ask this server anything", origin);
        }
    }

    private boolean isOurs(String name) {
        if (name.equals("localhost") || LOOPBACK.matcher(name).matches() || name.equals(bound())) {
            return true;
        }
        boolean everywhere = !LOOPBACK.matcher(bound()).matches() && !bound().equals("localhost");
        return everywhere && ADDRESS.matcher(name).matches()
                || settings.hosts().stream().anyMatch(known -> known.equals(ANY) || known.equalsIgnoreCase(name));
    }

    private String bound() {
        String host = settings.host().toLowerCase(Locale.ROOT);
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    /** The header without its port, in lower case; a dot at the end means the same name. */
    private static String name(String header) {
        String host = header.toLowerCase(Locale.ROOT);
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        String name = end <= 0 ? host : host.substring(0, end);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** What stands for the server in an origin; nothing for one that names none, as {@code null} does. */
    private static @Nullable String authority(String origin) {
        try {
            return new URI(origin).getRawAuthority();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static TessellateException foreign(String message, @Nullable String value) {
        return new TessellateException(
                ErrorCode.FOREIGN_ORIGIN, message.formatted(value == null ? "" : Printable.line(value)));
    }
}
