package dev.viridian.proxy;

import dev.viridian.proxy.log.LoggedConnection;
import dev.viridian.proxy.routing.TargetGroup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Who asked: an HTTP/1.1 connection between two requests, or one stream of an HTTP/2 connection. Belongs to one loop.
interface ClientSide {
    Loop loop();

    PortSocket socket();

    ClientAddress address();

    /// The client's connection, as logs describe it.
    LoggedConnection logged();

    /// The IP address the client connected to.
    byte[] localAddress();

    ByteBufAllocator alloc();

    /// How answers of targets are passed on to this client.
    Relay relay(Exchange exchange);

    /// Whether targets that speak `version` can be asked what this client asks.
    boolean translatable(TargetGroup.Version version);

    /// What has been received of the request may have somewhere to go now.
    void process();

    /// The exchange has taken the whole request.
    void bodyDone();

    /// Whether another request may follow, as far as the connection's age and its listener are concerned.
    boolean goesOn();

    /// Gives an answer of our own.
    ///
    /// @param close    whether the client is told that no other request may follow
    /// @param withBody false for HEAD
    void answer(OwnAnswer answer, boolean close, boolean withBody);

    void write(ByteBuf out);

    void flush();

    boolean writable();

    /// Something moved on the target's side of the exchange.
    void touched();

    /// The exchange is over, and another request may follow.
    void next();

    /// The exchange is over and so is the client's side.
    ///
    /// @param unread the client may still be sending
    void closeAfterAnswer(boolean unread);

    /// Ends what the client reads, so that a broken answer is seen as broken.
    void abort();

    /// Nobody serves this client any more.
    void close();

    /// Whether [#close], before an answer, tells the client that nothing was done about its request, so that it may send it again.
    default boolean canBeHandedBack() {
        return false;
    }
}
