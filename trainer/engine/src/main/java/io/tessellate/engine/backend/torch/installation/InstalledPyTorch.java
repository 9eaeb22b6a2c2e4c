package io.tessellate.engine.backend.torch.installation;

import io.tessellate.error.ErrorCode;
import io.tessellate.error.TessellateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PyTorch that a Python knows. Python is asked where it lies and reads its version from a file; PyTorch itself is not
 * started.
 *
 * @param answer two lines, version and folder, or what Python said instead
 */
record InstalledPyTorch(String answer) {
    private static final String QUESTION = """
            import importlib.util, os, sys
            s = importlib.util.find_spec('torch')
            if s is None: sys.exit('it has no torch')
            d = s.submodule_search_locations[0]
            v = {}
            exec(open(os.path.join(d, 'version.py')).read(), v)
            print(v['__version__'])
            print(os.path.join(d, 'lib'))
            """;
    private static final Pattern ANSWER = Pattern.compile("(\\d+)\\.(\\d+)\\S*\\R(.+?)\\R?");
    private static final int SECONDS = 20;

    static InstalledPyTorch ofPath() {
        return ask(List.of("python3", "-c", QUESTION));
    }

    static InstalledPyTorch ask(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new InstalledPyTorch("it does not end");
            }
            return new InstalledPyTorch(answer);
        } catch (IOException e) {
            return new InstalledPyTorch("it is not there");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new InstalledPyTorch("interrupted");
        }
    }

    /** Its libraries, or why there are none and what to do. */
    TorchInstallation installation() {
        Matcher matcher = ANSWER.matcher(answer);
        if (!matcher.matches()) {
            throw missing("python3: " + answer.strip());
        }
        String version = answer.lines().findFirst().orElseThrow();
        if (!isNewEnough(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))) {
            throw missing(
                    "python3 has PyTorch %s in %s, which is older than 2.10".formatted(version, matcher.group(3)));
        }
        return new TorchInstallation(Path.of(matcher.group(3)), "PyTorch %s of python3".formatted(version), false);
    }

    /** What is called here is exported from 2.10 on. */
    private static boolean isNewEnough(int major, int minor) {
        return major > 2 || major == 2 && minor >= 10;
    }

    private static TessellateException missing(String reason) {
        return new TessellateException(
                ErrorCode.UNAVAILABLE_DEPENDENCY,
                "no libtorch: %s; install PyTorch 2.10 or newer, or name a folder of its libraries by %s"
                        .formatted(reason, TorchInstallation.VARIABLE));
    }
}
