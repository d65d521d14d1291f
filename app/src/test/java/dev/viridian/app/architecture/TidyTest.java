package dev.viridian.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.viridian.engine.lifecycle.Lifecycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Reads the checkout as it lies there: door signs, pictures, promises, links, leftovers.
class TidyTest {
    private static final Path CHECKOUT = Ours.checkout();
    private static final Map<Path, String> FILES = read();
    /// Put together so that this file does not find itself.
    private static final List<String> LEFTOVERS = List.of("TO" + "DO", "FIX" + "ME", "@Dis" + "abled", "X" + "XX:");
    private static final Pattern PLACES_OF_ONE_MACHINE = Pattern.compile("(?<![\\w$}.\\])-])/(?:work/(?:main|shared)|tmp/" + "vir\\b|home/\\w+/)");
    private static final Pattern FOREIGN_REGISTRY = Pattern.compile(
            "https?://[\\w.-]*(?:artifactory|nexus|jfrog|mirror|registry-proxy)[\\w.-]*", Pattern.CASE_INSENSITIVE);
    private static final Pattern PROMISED = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

    @Test
    void every_package_has_its_door_sign() {
        Set<Path> packages = new TreeSet<>();
        sources("src/main/java").map(Path::getParent).forEach(packages::add);

        assertThat(packages).isNotEmpty().allSatisfy(folder -> {
            String sign = FILES.get(folder.resolve("package-info.java"));
            assertThat(sign).as("package-info of " + folder).isNotNull();
            assertThat(sign).as("package-info of " + folder).contains("@NullMarked").contains("///");
        });
    }

    /// Each service draws its own; this finds tables that nobody draws.
    @Test
    void every_lifecycle_has_a_fresh_picture() throws ReflectiveOperationException {
        List<String> documents = documents().filter(path -> path.startsWith("docs/lifecycles")).map(FILES::get).toList();
        for (JavaField table : lifecycles()) {
            String wanted = "```mermaid\n" + diagram(table) + "```\n";
            assertThat(documents).as("the picture of %s", table.getFullName()).anyMatch(text -> text.contains(wanted));
        }
    }

    private static List<JavaField> lifecycles() {
        List<JavaField> found = Ours.CLASSES.stream().flatMap(type -> type.getFields().stream())
                .filter(field -> field.getRawType().isEquivalentTo(Lifecycle.class) && field.getModifiers().contains(JavaModifier.STATIC))
                .toList();
        assertThat(found).as("tables of lifecycles").hasSizeGreaterThanOrEqualTo(3);
        return found;
    }

    private static String diagram(JavaField table) throws ReflectiveOperationException {
        Field field = Class.forName(table.getOwner().getName()).getDeclaredField(table.getName());
        field.setAccessible(true);
        return ((Lifecycle<?, ?>) field.get(null)).diagram();
    }

    @Test
    void invariants_name_only_tests_that_exist() {
        Map<String, Set<String>> tests = tests();
        Matcher promised = PROMISED.matcher(FILES.get(Path.of("INVARIANTS.md")));
        List<String> unknown = new ArrayList<>();
        int count = 0;
        for (; promised.find(); count++) {
            if (!tests.getOrDefault(promised.group(1), Set.of()).contains(promised.group(2))) {
                unknown.add(promised.group());
            }
        }

        assertThat(unknown).isEmpty();
        assertThat(count).as("promises with a test").isGreaterThan(50);
    }

    /// By simple name; classes of the same name in several modules count together.
    private static Map<String, Set<String>> tests() {
        Map<String, Set<String>> found = new TreeMap<>();
        Pattern method = Pattern.compile("^    (?:public )?void (\\w+)\\(", Pattern.MULTILINE);
        sources("src/test/java").forEach(path -> {
            String name = path.getFileName().toString().replace(".java", "");
            Matcher matcher = method.matcher(FILES.get(path));
            while (matcher.find()) {
                found.computeIfAbsent(name, _ -> new TreeSet<>()).add(matcher.group(1));
            }
        });
        return found;
    }

    @Test
    void promises_of_scripts_name_scripts_that_exist() {
        Matcher named = Pattern.compile("`(acceptance/scripts/[\\w.-]+)`").matcher(FILES.get(Path.of("INVARIANTS.md")));
        while (named.find()) {
            assertThat(FILES).containsKey(Path.of(named.group(1)));
        }
    }

    @Test
    void links_in_documents_lead_somewhere() {
        List<String> broken = new ArrayList<>();
        documents().forEach(document -> {
            Matcher link = LINK.matcher(FILES.get(document));
            while (link.find()) {
                if (!leadsSomewhere(document, link.group(1))) {
                    broken.add(document + " -> " + link.group(1));
                }
            }
        });

        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path document, String target) {
        if (target.startsWith("https://") || target.startsWith("http://")) {
            return true;
        }
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
        boolean there = Files.exists(CHECKOUT.resolve(file));
        return parts.length == 1 ? there : there && anchors(FILES.getOrDefault(file, "")).contains(parts[1]);
    }

    private static Set<String> anchors(String text) {
        Set<String> anchors = new TreeSet<>();
        Matcher heading = HEADING.matcher(text);
        while (heading.find()) {
            anchors.add(heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w\\- ]", "").replace(' ', '-'));
        }
        return anchors;
    }

    @Test
    void nothing_is_left_for_later() {
        assertThat(found(path -> true, LEFTOVERS)).isEmpty();
    }

    @Test
    void tests_do_not_sleep() {
        assertThat(found(path -> path.toString().contains("src/test/"), List.of("Thread." + "sleep", "TimeUnit.SECONDS." + "sleep"))).isEmpty();
    }

    @Test
    void no_file_knows_the_machine_it_was_written_on() {
        List<String> found = new ArrayList<>();
        FILES.forEach((path, text) -> Stream.of(PLACES_OF_ONE_MACHINE, FOREIGN_REGISTRY).map(pattern -> pattern.matcher(text)).filter(Matcher::find)
                .forEach(matcher -> found.add(path + ": " + matcher.group())));

        assertThat(found).isEmpty();
    }

    @Test
    void exceptions_are_not_swallowed() {
        Pattern empty = Pattern.compile("catch \\([^)]*\\) \\{\\s*\\}");

        assertThat(sources("").filter(path -> empty.matcher(FILES.get(path)).find())).isEmpty();
    }

    private static List<String> found(Predicate<Path> where, List<String> words) {
        return FILES.entrySet().stream().filter(file -> where.test(file.getKey()))
                .flatMap(file -> words.stream().filter(file.getValue()::contains).map(word -> file.getKey() + ": " + word)).toList();
    }

    private static Stream<Path> sources(String root) {
        return FILES.keySet().stream().filter(path -> path.toString().endsWith(".java") && path.toString().contains(root));
    }

    private static Stream<Path> documents() {
        return FILES.keySet().stream().filter(path -> path.toString().endsWith(".md"));
    }

    /// Every text file of the checkout, by its path inside it.
    private static Map<Path, String> read() {
        Map<Path, String> files = new TreeMap<>();
        try {
            Files.walkFileTree(CHECKOUT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    return Set.of("target", ".git", ".viridian", ".idea", "node_modules").contains(folder.getFileName().toString())
                            ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    String name = file.getFileName().toString();
                    if (name.matches(".*\\.(java|md|sh|xml|ya?ml|json|html|conf|properties|txt)|run|viridian|Dockerfile|NOTICE")) {
                        files.put(CHECKOUT.relativize(file), Files.readString(file, StandardCharsets.UTF_8));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Could not read the checkout " + CHECKOUT, e);
        }
        return files;
    }
}
