/// Any engine that speaks Docker's API: Docker Engine from 20.10, Docker Desktop, Podman's compatible socket.
///
/// [DockerEngine] is the one public class. It finds an engine in the order of [Discovery], agrees on an API version with it, and asks it anew when
/// it went away, so that a server may start before its engine does.
@NullMarked
package dev.viridian.container.docker;

import org.jspecify.annotations.NullMarked;
