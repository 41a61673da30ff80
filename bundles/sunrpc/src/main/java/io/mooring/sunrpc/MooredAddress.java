package io.mooring.sunrpc;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An address of a server whose calls are let in or held back, and which has a duplicate-request cache of its own. It begins
 * held. Thread-safe.
 */
@ProviderType
public interface MooredAddress extends AutoCloseable {

    /**
     * Lets calls in, those first that were left unread meanwhile. A TCP connection that has lost calls to {@link #hold}, or whose
     * calls its keeper would not have answered, is closed now, with a reset, since its client would ask again at once on another one, but
     * on this one only after its time-out.
     */
    void open();

    /**
     * Holds calls back: TCP connections are not read, datagrams are dropped, calls that were read and have not begun are ended
     * without an answer (their clients ask again). Connections stay open.
     *
     * @return completes when no procedure runs any more for a call that came by this address, and the replies of those that ran
     *     were given to the kernel or dropped; never by itself where one hangs, nor while a client does not read its reply: {@link
     *     RpcServer#closeTransports} drops that. Where the address is opened meanwhile, only those count that had begun before.
     *     On an event loop or worker: what is chained to it must not block. Fails where this was closed before
     */
    CompletableFuture<Void> hold();

    /** Calls that have begun and not ended. */
    int callsUnderWay();

    /**
     * Puts a reply into the duplicate-request cache that was given earlier, perhaps by another node. From a note the procedure's
     * {@link Procedure.Recovery} makes the reply, where the call has been carried out: then it is on stable storage. May block
     * on a disk. To be called while the address is held, when what the procedure works on is there.
     *
     * @return what is known of the call now: the reply, or an empty note where the call is to be executed again
     */
    KeptReply restore(KeptReply kept);

    /**
     * The kept replies that are in the cache now, those first that were used longest ago; also those that the keeper is being
     * given just now, and the notes of calls under way.
     */
    List<KeptReply> kept();

    /** Forgets all replies. */
    void forget();

    /** Nobody looks after the address any more: calls are let in, and share the server's duplicate-request cache. */
    @Override
    void close();
}
