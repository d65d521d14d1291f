package dev.viridian.app.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkClient;

/// The borders that Maven's modules are too coarse to hold. What may know what stands in ARCHITECTURE.md; an exception stands here with its reason.
class ArchitectureTest {
    private static final JavaClasses OURS = Ours.CLASSES;
    private static final String[] MECHANISMS = {"dev.viridian.proxy..", "dev.viridian.container..", "dev.viridian.git..", "dev.viridian.registry.."};
    private static final String AWS_SDK = "software.amazon..";
    private static final ArchCondition<JavaClass> READ_A_CLOCK_OR_SLEEP = call("read a clock or sleep", ArchitectureTest::readsAClockOrSleeps);
    private static final ArchCondition<JavaClass> START_A_THREAD = call("start a thread", ArchitectureTest::startsAThread);

    @Test
    void the_rules_see_every_module() {
        assertThat(OURS.stream().map(JavaClass::getPackageName)).contains("dev.viridian.engine.store", "dev.viridian.proxy", "dev.viridian.container",
                "dev.viridian.git", "dev.viridian.registry", "dev.viridian.aws", "dev.viridian.wire", "dev.viridian.app",
                "dev.viridian.services.codedeploy", "dev.viridian.services.ecs", "dev.viridian.services.s3");
    }

    @Test
    void services_do_not_depend_on_each_other() {
        holds(slices().matching("dev.viridian.services.(*)..").should().notDependOnEachOther());
    }

    @Test
    void services_do_not_know_who_serves_or_assembles_them() {
        holds(noClasses().that().resideInAPackage(Ours.SERVICES).should()
                .dependOnClassesThat().resideInAnyPackage("dev.viridian.wire..", "dev.viridian.app.."));
    }

    @Test
    void services_never_say_docker_http_or_sql() {
        holds(noClasses().that().resideInAPackage(Ours.SERVICES).should().dependOnClassesThat().resideInAnyPackage("java.sql..", "org.sqlite..",
                "java.net.http..", "com.sun.net.httpserver..", "org.eclipse.jetty..", "io.netty..", "dev.viridian.container.docker..",
                "dev.viridian.container.http..", "dev.viridian.proxy.http.."));
    }

    @Test
    void mechanisms_know_no_aws_and_of_ours_only_the_clock() {
        for (String mechanism : MECHANISMS) {
            holds(noClasses().that().resideInAPackage(mechanism).should().dependOnClassesThat(outside(mechanism, "dev.viridian.engine.time..")));
            holds(noClasses().that().resideInAPackage(mechanism).should().dependOnClassesThat().resideInAPackage(AWS_SDK));
        }
    }

    @Test
    void the_engine_knows_nobody() {
        holds(noClasses().that().resideInAPackage("dev.viridian.engine..").should().dependOnClassesThat(outside("dev.viridian.engine..")));
        holds(noClasses().that().resideInAPackage("dev.viridian.engine..").should().dependOnClassesThat().resideInAPackage(AWS_SDK));
    }

    @Test
    void the_wire_and_what_services_share_see_no_service() {
        String[] generic = {"dev.viridian.wire..", "dev.viridian.aws.."};
        holds(noClasses().that().resideInAnyPackage(generic).should().dependOnClassesThat().resideInAPackage("software.amazon.awssdk.services.."));
        holds(noClasses().that().resideInAnyPackage(generic).should().dependOnClassesThat(
                outside("dev.viridian.wire..", "dev.viridian.aws..", "dev.viridian.engine..")));
    }

    @Test
    void modules_have_no_cycles_between_their_packages() {
        holds(slices().matching("dev.viridian.engine.(*)..").should().beFreeOfCycles());
        holds(slices().matching("dev.viridian.container.(*)..").should().beFreeOfCycles());
        holds(slices().matching("dev.viridian.wire.(*)..").should().beFreeOfCycles());
        holds(slices().matching("dev.viridian.app.(*)..").should().beFreeOfCycles());
        holds(slices().matching("dev.viridian.proxy.(*)..").should().beFreeOfCycles());
    }

    /// What these have to tell `dev.viridian.proxy` they return, or say to what they were given.
    @Test
    void the_proxys_rooms_do_not_know_the_hall_they_open_on() {
        holds(noClasses().that().resideInAPackage("dev.viridian.proxy.*..").should().dependOnClassesThat().resideInAPackage("dev.viridian.proxy"));
    }

    @Test
    void only_the_app_constructs_services() {
        DescribedPredicate<JavaConstructorCall> ofAService = DescribedPredicate.describe("construct a service",
                call -> call.getTargetOwner().isAssignableTo(SdkClient.class)
                        && call.getTargetOwner().getPackageName().startsWith("dev.viridian.services.")
                        && !call.getTargetOwner().equals(call.getOriginOwner()));
        holds(noClasses().that().resideOutsideOfPackage("dev.viridian.app..").should().callConstructorWhere(ofAService));
    }

    @Test
    void only_engine_time_reads_clocks_or_sleeps() {
        holds(noClasses().that().resideOutsideOfPackage("dev.viridian.engine.time..").should(READ_A_CLOCK_OR_SLEEP));
    }

    @Test
    void threads_are_started_only_where_waiting_is_somebodys_job() {
        holds(noClasses().that().resideOutsideOfPackages("dev.viridian.engine.work..", "dev.viridian.engine.time..", "dev.viridian.proxy..",
                "dev.viridian.container..", "dev.viridian.app..").should(START_A_THREAD));
    }

    @Test
    void the_rules_would_notice() {
        JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);

        assertThat(noClasses().should(READ_A_CLOCK_OR_SLEEP).evaluate(offender).getFailureReport().getDetails()).hasSize(2);
        assertThat(noClasses().should(START_A_THREAD).evaluate(offender).getFailureReport().getDetails()).hasSize(2);
    }

    /// Never run: looked at by the rules only.
    private static final class Offender {
        private final Supplier<Instant> reference = Instant::now;
        private final long call = System.nanoTime();
        private final Consumer<Runnable> starter = Thread::startVirtualThread;
        private final Thread thread = new Thread(() -> starter.accept(() -> {}), reference + " " + call);
    }

    @Test
    void names_say_what_a_thing_is() {
        holds(classes().should(new ArchCondition<>("not be called Manager, Helper, Util or Impl") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (type.getSimpleName().matches(".*(Manager|Helper|Utils?|Impl)")) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " says nothing about what it is"));
                }
            }
        }));
    }

    @Test
    void nothing_static_changes() {
        holds(fields().that().areStatic().should().beFinal());
        holds(fields().that().areStatic().should(new ArchCondition<>("not hold what changes") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                if (isMadeToChange(field.getRawType())) {
                    events.add(SimpleConditionEvent.violated(field, field.getFullName() + " is a " + field.getRawType().getName()));
                }
            }
        }));
    }

    /// Tables in arrays are allowed: they are private, filled once and handed to nobody.
    private static boolean isMadeToChange(JavaClass type) {
        boolean collection = (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class)) && !type.isInterface();
        return collection && !type.isEnum() || type.getPackageName().startsWith("java.util.concurrent") || type.isAssignableTo(ThreadLocal.class)
                || type.isAssignableTo(StringBuilder.class) || type.isAssignableTo(Thread.class);
    }

    private static boolean readsAClockOrSleeps(JavaCodeUnitAccess<?> call) {
        JavaClass owner = call.getTargetOwner();
        String name = call.getName();
        return owner.isEquivalentTo(System.class) && Set.of("nanoTime", "currentTimeMillis").contains(name)
                || owner.getPackageName().equals("java.time") && name.equals("now")
                || owner.isAssignableTo(Clock.class)
                || owner.isEquivalentTo(Date.class) && name.equals("<init>") && call.getTarget().getRawParameterTypes().isEmpty()
                || owner.isEquivalentTo(Calendar.class) && name.equals("getInstance")
                || owner.isAssignableTo(Thread.class) && name.equals("sleep")
                || owner.isEquivalentTo(TimeUnit.class) && name.equals("sleep")
                || owner.isEquivalentTo(LockSupport.class) && Set.of("parkNanos", "parkUntil").contains(name);
    }

    private static boolean startsAThread(JavaCodeUnitAccess<?> call) {
        JavaClass owner = call.getTargetOwner();
        String name = call.getName();
        return owner.isAssignableTo(Thread.class) && Set.of("<init>", "ofVirtual", "ofPlatform", "startVirtualThread").contains(name)
                || owner.isEquivalentTo(Executors.class)
                || owner.isAssignableTo(ExecutorService.class) && name.equals("<init>")
                || owner.isAssignableTo(Timer.class)
                || owner.isAssignableTo(CompletableFuture.class) && name.endsWith("Async")
                || owner.isAssignableTo(BaseStream.class) && name.equals("parallel") || name.equals("parallelStream");
    }

    private static DescribedPredicate<JavaClass> outside(String... allowed) {
        DescribedPredicate<JavaClass> inside = JavaClass.Predicates.resideInAnyPackage(allowed);
        return JavaClass.Predicates.resideInAPackage("dev.viridian..").and(DescribedPredicate.not(inside));
    }

    private static ArchCondition<JavaClass> call(String description, Predicate<JavaCodeUnitAccess<?>> banned) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                Stream.<JavaCodeUnitAccess<?>>concat(type.getCodeUnits().stream().flatMap(unit -> unit.getCallsFromSelf().stream()),
                        type.getCodeUnitReferencesFromSelf().stream())
                        .filter(banned).forEach(found -> events.add(SimpleConditionEvent.satisfied(found, found.getDescription())));
            }
        };
    }

    private static void holds(ArchRule rule) {
        rule.check(OURS);
    }
}
