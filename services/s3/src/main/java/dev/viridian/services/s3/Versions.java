package dev.viridian.services.s3;

import dev.viridian.aws.Ids;
import dev.viridian.engine.store.Key;
import dev.viridian.engine.store.Store;
import dev.viridian.engine.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The versions of every key: the current one (which may be a delete marker) in one table, all older ones in another, newest first.
///
/// Writers must be inside a transaction. Source of the rules: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html>
final class Versions {
    private static final Pattern FORM = Pattern.compile("null|[A-Za-z0-9._-]{1,64}");

    private final Garbage garbage;
    private final Table<StoredObject> current;
    private final Table<StoredObject> older;

    Versions(Store store, Garbage garbage) {
        this.garbage = garbage;
        this.current = store.table("s3.objects", StoredObject.class);
        this.older = store.table("s3.older-versions", StoredObject.class);
    }

    /// The newest version, be it a delete marker.
    Optional<StoredObject> newest(String bucket, String key) {
        return current.find(at(bucket, key));
    }

    Optional<StoredObject> version(String bucket, String key, String version) {
        if (!FORM.matcher(version).matches()) {
            throw S3Errors.invalidArgument("Invalid version id specified");
        }
        return newest(bucket, key).filter(object -> object.version().equals(version))
                .or(() -> olderOf(bucket, key).stream().filter(object -> object.version().equals(version)).findFirst());
    }

    /// What a reader gets to see.
    ///
    /// @throws software.amazon.awssdk.services.s3.model.S3Exception NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker asked for by
    /// its id
    StoredObject readable(String bucket, String key, @Nullable String version) {
        if (version == null) {
            return newest(bucket, key).filter(object -> !object.deleteMarker()).orElseThrow(S3Errors::noSuchKey);
        }
        StoredObject object = version(bucket, key, version).orElseThrow(S3Errors::noSuchVersion);
        if (object.deleteMarker()) {
            throw S3Errors.methodNotAllowed();
        }
        return object;
    }

    /// Current versions whose key begins with `prefix`, ordered by key, delete markers included.
    List<StoredObject> newest(String bucket, String prefix, boolean withMarkers) {
        return listed(current, bucket, prefix).filter(object -> withMarkers || !object.deleteMarker()).toList();
    }

    /// Every version of every key that begins with `prefix`, ordered by key, newest first.
    List<StoredObject> all(String bucket, String prefix) {
        List<StoredObject> all = new ArrayList<>(newest(bucket, prefix, true));
        listed(older, bucket, prefix).forEach(all::add);
        all.sort((a, b) -> a.key().equals(b.key()) ? Long.compare(b.order(), a.order()) : Text.compare(a.key(), b.key()));
        return all;
    }

    private static Stream<StoredObject> listed(Table<StoredObject> table, String bucket, String prefix) {
        // half a surrogate pair has no successor in the store's order
        int end = prefix.length();
        while (end > 0 && Character.isSurrogate(prefix.charAt(end - 1))) {
            end--;
        }
        return table.list(at(bucket, prefix.substring(0, end))).stream().filter(object -> object.key().startsWith(prefix));
    }

    boolean isEmpty(String bucket) {
        return current.rows(Key.under(bucket)).isEmpty() && older.rows(Key.under(bucket)).isEmpty();
    }

    /// Makes `object` the newest version, as the bucket's versioning wants it.
    StoredObject write(Bucket bucket, StoredObject object) {
        Optional<StoredObject> before = newest(bucket.name(), object.key());
        boolean enabled = bucket.versioning() == Bucket.Versioning.ENABLED;
        if (!enabled) {
            version(bucket.name(), object.key(), StoredObject.NULL_VERSION).ifPresent(this::erase);
        }
        before.filter(kept -> enabled || !kept.version().equals(StoredObject.NULL_VERSION)).ifPresent(kept -> older.put(atOlder(kept), kept));
        StoredObject written = object.as(enabled ? newVersion() : StoredObject.NULL_VERSION, before.map(StoredObject::order).orElse(0L) + 1);
        current.put(at(bucket.name(), object.key()), written);
        return written;
    }

    /// Replaces a version in place; for its tags.
    void replace(StoredObject object) {
        boolean newest = newest(object.bucket(), object.key()).filter(found -> found.version().equals(object.version())).isPresent();
        (newest ? current : older).put(newest ? at(object.bucket(), object.key()) : atOlder(object), object);
    }

    /// Removes one version for good; the one before it becomes the newest again.
    void remove(StoredObject object) {
        boolean wasNewest = newest(object.bucket(), object.key()).filter(found -> found.version().equals(object.version())).isPresent();
        erase(object);
        if (wasNewest) {
            olderOf(object.bucket(), object.key()).stream().findFirst().ifPresent(next -> {
                older.delete(atOlder(next));
                current.put(at(next.bucket(), next.key()), next);
            });
        }
    }

    private void erase(StoredObject object) {
        if (newest(object.bucket(), object.key()).filter(found -> found.version().equals(object.version())).isPresent()) {
            current.delete(at(object.bucket(), object.key()));
        } else {
            older.delete(atOlder(object));
        }
        garbage.add(object.blobs());
    }

    boolean names(String blob) {
        return Stream.concat(current.list().stream(), older.list().stream()).anyMatch(object -> object.blobs().contains(blob));
    }

    private List<StoredObject> olderOf(String bucket, String key) {
        return older.list(at(bucket, key) + SEPARATOR).stream().filter(object -> object.key().equals(key)).toList();
    }

    /// As [Key#of] separates; object keys may contain even this, which is why they come last and rows are checked against the key they hold.
    private static final String SEPARATOR = Key.under("");

    private static String at(String bucket, String key) {
        return Key.under(bucket) + key;
    }

    private static String atOlder(StoredObject object) {
        return at(object.bucket(), object.key()) + SEPARATOR + String.format("%016x", Long.MAX_VALUE - object.order());
    }

    private static String newVersion() {
        return Ids.base32(32);
    }
}
