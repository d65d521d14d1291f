package dev.viridian.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;

/// One request to the registry and its answer.
///
/// @param path of the repository as the client wrote it, which is what links in answers are made of
/// @param name the repository it means
record Exchange(Request request, Response response, String path, ImageName name, String principal) {

    String method() {
        return request.getMethod();
    }

    Optional<String> header(String header) {
        return Optional.ofNullable(request.getHeaders().get(header));
    }

    Optional<String> query(String parameter) {
        Fields.Field field = Request.extractQueryParameters(request).get(parameter);
        return field == null ? Optional.empty() : Optional.of(field.getValue());
    }

    InputStream body() {
        return Content.Source.asInputStream(request);
    }

    /// The whole body, for what is small.
    byte[] body(int most) throws IOException {
        byte[] bytes = body().readNBytes(most + 1);
        if (bytes.length > most) {
            throw new RegistryException(413, "SIZE_INVALID", "The request has more than " + most + " bytes");
        }
        return bytes;
    }

    Exchange status(int status) {
        response.setStatus(status);
        return this;
    }

    Exchange answer(String header, Object value) {
        response.getHeaders().put(header, value.toString());
        return this;
    }

    Exchange location(String rest) {
        return answer("Location", "/v2/" + path + rest);
    }

    void send(String contentType, byte[] bytes) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        if (!method().equals("HEAD")) {
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                out.write(bytes);
            }
        }
    }

    void sendNothing() {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    }
}
