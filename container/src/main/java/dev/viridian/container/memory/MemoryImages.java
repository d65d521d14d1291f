package dev.viridian.container.memory;

import dev.viridian.container.ContainerException.ImageNotFound;
import dev.viridian.container.ImageConfig;
import dev.viridian.container.Images;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Images as names for [Program]s. An archive of `save` is a list of ids that only the same runtime can load again; `build` and `importImage` look
/// at nothing and make an image that [Program#runs].
final class MemoryImages implements Images {
    private record Held(Image image, Program program) {}

    private final Map<String, Held> byName = new LinkedHashMap<>();
    private final Map<String, Held> byId = new LinkedHashMap<>();
    private final Map<String, Program> remote = new LinkedHashMap<>();
    private long made;

    synchronized void add(String name, ImageConfig config, Program program) {
        String id = "sha256:" + HexFormat.of().toHexDigits(++made).repeat(4);
        hold(normal(name), new Held(new Image(id, List.of(normal(name)), List.of(), 0, config.labels(), config), program));
    }

    synchronized void addRemote(String name, Program program) {
        remote.put(normal(name), program);
    }

    synchronized Optional<Program> program(String reference) {
        return held(reference).map(Held::program);
    }

    @Override
    public synchronized Optional<Image> find(String reference) {
        return held(reference).map(Held::image);
    }

    @Override
    public synchronized List<Image> list(Map<String, String> labels) {
        return byId.values().stream().map(Held::image).filter(image -> image.labels().entrySet().containsAll(labels.entrySet())).toList();
    }

    @Override
    public synchronized Image pull(String reference, Optional<RegistryLogin> login, Consumer<String> progress) {
        Program program = remote.get(normal(reference));
        if (program == null) {
            throw new ImageNotFound("pull image " + reference, reference, "manifest unknown: no registry of this rehearsal has it");
        }
        progress.accept("Pulling " + reference);
        add(reference, ImageConfig.EMPTY, program);
        return find(reference).orElseThrow();
    }

    @Override
    public synchronized void push(String reference, Optional<RegistryLogin> login, Consumer<String> progress) {
        remote.put(normal(reference), required("push image " + reference, reference).program());
    }

    @Override
    public synchronized void tag(String reference, String newName) {
        hold(normal(newName), required("tag image " + reference, reference));
    }

    @Override
    public synchronized void remove(String reference) {
        Held held = byName.remove(normal(reference));
        if (held != null) {
            rename(held.image().id(), held.program());
        }
    }

    @Override
    public synchronized Image importImage(String name, InputStream rootFileSystemTar, ImageConfig config) {
        add(name, config, Program.runs());
        return find(name).orElseThrow();
    }

    @Override
    public synchronized InputStream save(List<String> references) {
        List<String> lines = references.stream().map(name -> normal(name) + " " + required("save image " + name, name).image().id()).toList();
        return new ByteArrayInputStream(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized List<String> load(InputStream archive) {
        List<String> names = new ArrayList<>();
        try {
            new String(archive.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                String[] parts = line.split(" ");
                hold(parts[0], required("load image " + parts[0], parts[1]));
                names.add(parts[0]);
            });
        } catch (IOException e) {
            throw new UncheckedIOException("could not read an archive", e);
        }
        return names;
    }

    @Override
    public synchronized Image build(String name, InputStream contextTar, String dockerfile, Map<String, String> arguments,
                                    Map<String, String> labels, Consumer<String> progress) {
        add(name, ImageConfig.EMPTY.withLabels(labels), Program.runs());
        progress.accept("Successfully tagged " + normal(name));
        return find(name).orElseThrow();
    }

    private Held required(String attempted, String reference) {
        return held(reference).orElseThrow(() -> new ImageNotFound(attempted, reference, "No such image: " + normal(reference)));
    }

    private Optional<Held> held(String reference) {
        return Optional.ofNullable(byName.getOrDefault(normal(reference), byId.get(reference)));
    }

    private void hold(String name, Held held) {
        Held before = byName.put(name, held);
        byId.put(held.image().id(), held);
        rename(held.image().id(), held.program());
        if (before != null && !before.image().id().equals(held.image().id())) {
            rename(before.image().id(), before.program());
        }
    }

    /// An image lists the names it has now; without any it is gone.
    private void rename(String id, Program program) {
        List<String> names = byName.entrySet().stream().filter(entry -> entry.getValue().image().id().equals(id)).map(Map.Entry::getKey).toList();
        Image image = byId.get(id).image();
        Held renamed = new Held(new Image(id, names, image.digests(), image.sizeBytes(), image.labels(), image.config()), program);
        names.forEach(name -> byName.put(name, renamed));
        byId.put(id, renamed);
        if (names.isEmpty()) {
            byId.remove(id);
        }
    }

    private static String normal(String reference) {
        boolean versioned = reference.indexOf('@') >= 0 || reference.startsWith("sha256:") || reference.lastIndexOf(':') > reference.lastIndexOf('/');
        return versioned ? reference : reference + ":latest";
    }
}
