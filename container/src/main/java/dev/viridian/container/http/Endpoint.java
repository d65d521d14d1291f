package dev.viridian.container.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// Where a connection can be opened.
public sealed interface Endpoint {
    int CONNECT_TIMEOUT_MILLIS = 5_000;

    Link dial() throws IOException;

    /// As in `DOCKER_HOST`.
    String address();

    record Unix(String path) implements Endpoint {
        @Override
        public Link dial() throws IOException {
            return Link.toUnixSocket(path);
        }

        @Override
        public String address() {
            return "unix://" + path;
        }
    }

    /// @param tls how to prove who both sides are; null for plain TCP
    record Tcp(String host, int port, @Nullable SSLContext tls) implements Endpoint {
        @Override
        public Link dial() throws IOException {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MILLIS);
                return Link.over(tls == null ? socket : secured(socket, tls));
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        }

        private SSLSocket secured(Socket socket, SSLContext context) throws IOException {
            SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            return secured;
        }

        @Override
        public String address() {
            return "tcp://" + host + ":" + port;
        }
    }

    /// @throws IllegalArgumentException for schemes nobody here speaks, for example `ssh`
    static Endpoint parse(String address, @Nullable SSLContext tls) {
        if (address.startsWith("/")) {
            return new Unix(address);
        }
        URI uri = URI.create(address);
        return switch (String.valueOf(uri.getScheme())) {
            case "unix" -> new Unix(uri.getPath());
            case "tcp", "http" -> new Tcp(uri.getHost(), uri.getPort() > 0 ? uri.getPort() : tls == null ? 2375 : 2376, tls);
            default -> throw new IllegalArgumentException("only unix:// and tcp:// addresses can be dialled, not " + address);
        };
    }
}
