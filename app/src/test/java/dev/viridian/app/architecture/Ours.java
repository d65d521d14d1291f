package dev.viridian.app.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the things that these tests look at are.
final class Ours {
    static final String SERVICES = "dev.viridian.services..";

    /// Every class of ours on the class path of the app, which sees all modules; tests left out. Read once, as that takes seconds.
    static final JavaClasses CLASSES = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.viridian");

    private Ours() {}

    /// The checkout: the folder that holds INVARIANTS.md.
    static Path checkout() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("INVARIANTS.md"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("these tests must run inside the checkout");
            }
        }
        return folder;
    }
}
