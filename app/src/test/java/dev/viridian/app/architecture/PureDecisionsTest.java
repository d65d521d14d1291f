package dev.viridian.app.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.viridian.engine.Decision;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkClient;

/// Code marked [Decision], and everything of ours it reaches, calls no client, store, mechanism, file, socket, clock or dice.
class PureDecisionsTest {

    @Test
    void decisions_reach_nothing_but_their_arguments() {
        JavaClasses ours = Ours.CLASSES;

        assertThat(decisions(ours)).as("marked code").hasSizeGreaterThan(50);
        assertThat(impurities(ours)).isEmpty();
    }

    @Test
    void the_rule_would_notice() {
        JavaClasses offenders = new ClassFileImporter().importClasses(Offender.class, Accomplice.class);

        assertThat(impurities(offenders)).hasSize(3).anyMatch(found -> found.contains("Instant.now")).anyMatch(found -> found.contains("Random"));
    }

    /// Never run: looked at by the rule only.
    @Decision
    private static final class Offender {
        static boolean late(Instant due) {
            return Accomplice.passed(due) || new Random(7).nextBoolean();
        }
    }

    private static final class Accomplice {
        static boolean passed(Instant due) {
            return Optional.of(due).map(moment -> moment.isBefore(Instant.now())).orElse(false);
        }
    }

    private static List<JavaCodeUnit> decisions(JavaClasses classes) {
        return classes.stream().flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.isAnnotatedWith(Decision.class) || isMarked(unit.getOwner())).toList();
    }

    private static boolean isMarked(JavaClass type) {
        return type.isAnnotatedWith(Decision.class) || type.getEnclosingClass().map(PureDecisionsTest::isMarked).orElse(false);
    }

    /// Walks from every decision along calls into code of ours; says the way to each impure call it finds.
    private static Set<String> impurities(JavaClasses classes) {
        Map<JavaCodeUnit, JavaCodeUnit> reachedFrom = new LinkedHashMap<>();
        Deque<JavaCodeUnit> ahead = new ArrayDeque<>();
        for (JavaCodeUnit decision : decisions(classes)) {
            reachedFrom.put(decision, decision);
            ahead.add(decision);
        }
        Set<String> found = new TreeSet<>();
        while (!ahead.isEmpty()) {
            JavaCodeUnit unit = ahead.remove();
            for (JavaAccess<?> access : unit.getAccessesFromSelf()) {
                if (isImpure(access)) {
                    found.add(access.getTarget().getFullName() + " by " + way(unit, reachedFrom));
                } else if (access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target) {
                    target.resolveMember().filter(next -> isOurs(next.getOwner()) && !reachedFrom.containsKey(next)).ifPresent(next -> {
                        reachedFrom.put(next, unit);
                        ahead.add(next);
                    });
                }
            }
        }
        return found;
    }

    private static String way(JavaCodeUnit unit, Map<JavaCodeUnit, JavaCodeUnit> reachedFrom) {
        StringBuilder way = new StringBuilder(unit.getFullName());
        for (JavaCodeUnit at = unit; !Objects.equals(reachedFrom.get(at), at); at = reachedFrom.get(at)) {
            way.append(" <- ").append(reachedFrom.get(at).getFullName());
        }
        return way.toString();
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith("dev.viridian.");
    }

    private static boolean isImpure(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String home = owner.getPackageName();
        String name = access.getTarget().getName();
        return owner.isAssignableTo(SdkClient.class)
                || home.startsWith("dev.viridian.engine.store") || home.startsWith("dev.viridian.engine.work")
                || home.startsWith("dev.viridian.engine.time")
                || home.startsWith("dev.viridian.container.docker") || home.startsWith("dev.viridian.git") || home.startsWith("dev.viridian.registry")
                || owner.getFullName().equals("dev.viridian.aws.Caller") && (name.equals("current") || name.equals("run") || name.equals("call"))
                || owner.isEquivalentTo(java.nio.file.Files.class)
                || home.startsWith("java.net.http") || home.startsWith("java.nio.channels") || home.startsWith("java.sql")
                || home.equals("java.net") && !Set.of("URI", "URLEncoder", "URLDecoder").contains(owner.getSimpleName())
                || home.equals("java.io") && owner.getSimpleName().startsWith("File")
                || home.equals("java.util.concurrent.atomic") || home.equals("java.util.concurrent.locks") || owner.isAssignableTo(Thread.class)
                || home.equals("java.time") && name.equals("now") || owner.isAssignableTo(java.time.Clock.class)
                || owner.isEquivalentTo(System.class) && Set.of("nanoTime", "currentTimeMillis", "getenv", "getProperty").contains(name)
                || owner.isAssignableTo(Random.class) || owner.isAssignableTo(ThreadLocalRandom.class) || home.startsWith("java.util.random")
                || owner.isEquivalentTo(UUID.class) && name.equals("randomUUID") || owner.isEquivalentTo(Math.class) && name.equals("random");
    }
}
