package dev.viridian.app.dist;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Readies the folder of jars that a build leaves for a fast start; going over it again changes nothing.
///
/// - The JVM keeps no classes of signed jars in an AOT cache: signatures go, as nobody here checks them.
/// - Nor classes older than Java 6, which lack the maps a quick verification needs (picocli): they get them.
/// - Native libraries are otherwise unpacked into the temporary folder by every start: they are laid beside the jars.
public final class Dist {
    private static final int OLDEST_KEPT = ClassFile.JAVA_6_VERSION;
    private static final int RAISED_TO = ClassFile.JAVA_8_VERSION;
    private static final Map<String, String> NATIVE = Map.of(
            "META-INF/native/libnetty_transport_native_epoll_x86_64.so", "libnetty_transport_native_epoll_x86_64.so",
            "META-INF/native/libnetty_transport_native_epoll_aarch_64.so", "libnetty_transport_native_epoll_aarch_64.so",
            "META-INF/native/libnetty_tcnative_linux_x86_64.so", "libnetty_tcnative_linux_x86_64.so",
            "META-INF/native/libnetty_tcnative_linux_aarch_64.so", "libnetty_tcnative_linux_aarch_64.so",
            "org/sqlite/native/" + operatingSystem() + "/" + architecture() + "/" + System.mapLibraryName("sqlitejdbc"), System.mapLibraryName("sqlitejdbc"));

    private final Path natives;
    private final ClassFile classes = ClassFile.of(StackMapsOption.GENERATE_STACK_MAPS,
            ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(Dist.class.getClassLoader())));

    private Dist(Path folder) {
        this.natives = folder.resolve("native");
    }

    /// @param arguments the folder above `lib`
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Dist dist = new Dist(folder);
        try (Stream<Path> jars = Files.list(folder.resolve("lib")).filter(path -> path.toString().endsWith(".jar"))) {
            for (Path jar : jars.sorted().toList()) {
                dist.ready(jar);
            }
        }
    }

    private void ready(Path jar) throws IOException {
        boolean rewrite = false;
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (NATIVE.containsKey(entry.getName())) {
                    layBeside(zip, entry);
                }
                rewrite |= isSignature(entry) || isOldClass(zip, entry);
            }
        }
        if (rewrite) {
            rewrite(jar);
        }
    }

    private void layBeside(ZipFile zip, ZipEntry entry) throws IOException {
        Files.createDirectories(natives);
        Path whole = Files.createTempFile(natives, "new-", ".tmp");
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, whole, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(whole, natives.resolve(NATIVE.get(entry.getName())), StandardCopyOption.ATOMIC_MOVE);
    }

    /// A process that has the old jar open keeps reading the old file.
    private void rewrite(Path jar) throws IOException {
        Path whole = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile zip = new ZipFile(jar.toFile()); OutputStream file = Files.newOutputStream(whole); ZipOutputStream out = new ZipOutputStream(file)) {
            for (ZipEntry entry : zip.stream().toList()) {
                if (!isSignature(entry)) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    out.write(content(zip, entry));
                    out.closeEntry();
                }
            }
        }
        Files.move(whole, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    private byte[] content(ZipFile zip, ZipEntry entry) throws IOException {
        byte[] content = zip.getInputStream(entry).readAllBytes();
        if (isOldClass(zip, entry)) {
            return raised(content);
        }
        return entry.getName().equals(JarFile.MANIFEST_NAME) ? withoutDigests(content) : content;
    }

    /// Of a signed jar, thousands of lines that every start would read and keep.
    private static byte[] withoutDigests(byte[] content) throws IOException {
        Manifest manifest = new Manifest(new ByteArrayInputStream(content));
        manifest.getEntries().clear();
        ByteArrayOutputStream shorter = new ByteArrayOutputStream();
        manifest.write(shorter);
        return shorter.toByteArray();
    }

    private byte[] raised(byte[] old) {
        ClassTransform newer = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(RAISED_TO, 0);
            } else {
                builder.with(element);
            }
        };
        return classes.transformClass(classes.parse(old), newer.andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }

    private static boolean isSignature(ZipEntry entry) {
        return entry.getName().matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
    }

    private static boolean isOldClass(ZipFile zip, ZipEntry entry) throws IOException {
        if (!entry.getName().endsWith(".class") || entry.getName().startsWith("META-INF/")) {
            return false;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] head = in.readNBytes(8);
            return head.length == 8 && (head[6] << 8 | head[7] & 0xff) < OLDEST_KEPT;
        }
    }

    private static String operatingSystem() {
        String name = System.getProperty("os.name");
        return name.startsWith("Mac") ? "Mac" : name.startsWith("Windows") ? "Windows" : "Linux";
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return name.equals("amd64") ? "x86_64" : name;
    }
}
