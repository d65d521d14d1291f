package dev.viridian.container;

import dev.viridian.container.docker.DockerEngine;
import dev.viridian.engine.time.SystemTime;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/// The contract, held by the engine this machine has.
class DockerEngineTest extends ContainerRuntimeContract {
    private static final DockerEngine ENGINE = DockerEngine.discover(new SystemTime());

    @BeforeAll
    static void images() {
        try {
            Assumptions.assumeTrue(ENGINE.engine().architecture().equals("amd64"), "the test programs are written in x86-64 instructions");
        } catch (ContainerException.NoEngine e) {
            Assumptions.abort("skipped, because " + e.getMessage());
        }
        Map<String, byte[]> programs = Map.of("pause", StaticProgram.pause("amd64"), "hello", TestPrograms.prints("hi\n", "", 0),
                "greet", TestPrograms.prints("hello\n\nworld\n", "oh dear\n", 3), "eat", TestPrograms.eatsMemory());
        programs.keySet().stream().filter(name -> !name.equals("hello")).forEach(name -> ENGINE.images()
                .importImage(image(name), StaticProgram.rootFileSystem(programs), ImageConfig.EMPTY.withEntrypoint("/" + name)));
    }

    @AfterAll
    static void noImages() {
        ENGINE.images().remove(image("pause"));
        ENGINE.images().remove(image("greet"));
        ENGINE.images().remove(image("eat"));
    }

    private static String image(String name) {
        return "viridian-test/" + name + ":" + ProcessHandle.current().pid();
    }

    @Override
    ContainerRuntime runtime() {
        return ENGINE;
    }

    @Override
    String sleeper() {
        return image("pause");
    }

    @Override
    String greeter() {
        return image("greet");
    }

    @Override
    String eater() {
        return image("eat");
    }
}
