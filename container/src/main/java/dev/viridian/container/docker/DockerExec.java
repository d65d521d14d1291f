package dev.viridian.container.docker;

import dev.viridian.container.ContainerException.EngineFailure;
import dev.viridian.container.ContainerException.WrongPhase;
import dev.viridian.container.ExecResult;
import dev.viridian.container.ExecSpec;
import dev.viridian.container.LogLine.Stream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Runs commands in running containers.
final class DockerExec {
    private final EngineApi api;

    DockerExec(EngineApi api) {
        this.api = api;
    }

    ExecResult run(String id, ExecSpec spec) {
        String attempted = "run " + String.join(" ", spec.command()) + " in container " + id;
        String exec = create(attempted, id, spec);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Reply reply = api.post(attempted, "/exec/" + exec + "/start", Json.object().put("Detach", false).put("Tty", false)).orThrow()) {
            new Frames(reply.body(), false).read((stream, bytes) -> (stream == Stream.STDERR ? err : out).writeBytes(bytes));
        } catch (IOException e) {
            throw new EngineFailure(attempted, e);
        }
        return new ExecResult(exitCode(attempted, exec), out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String create(String attempted, String id, ExecSpec spec) {
        ObjectNode body = Json.object().put("AttachStdout", true).put("AttachStderr", true);
        ArrayNode command = body.putArray("Cmd");
        spec.command().forEach(command::add);
        ArrayNode environment = body.putArray("Env");
        spec.environment().forEach((key, value) -> environment.add(key + "=" + value));
        spec.user().ifPresent(user -> body.put("User", user));
        spec.workingDirectory().ifPresent(directory -> body.put("WorkingDir", directory));
        try (Reply reply = api.post(attempted, "/containers/" + id + "/exec", body)) {
            if (reply.status() == 409) {
                throw new WrongPhase(attempted, reply.message());
            }
            return reply.orThrow().json().path("Id").asString("");
        }
    }

    private int exitCode(String attempted, String exec) {
        try (Reply reply = api.get(attempted, "/exec/" + exec + "/json").orThrow()) {
            return reply.json().path("ExitCode").asInt(-1);
        }
    }
}
