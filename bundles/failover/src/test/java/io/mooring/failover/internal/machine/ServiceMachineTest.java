package io.mooring.failover.internal.machine;

import static io.mooring.failover.internal.machine.Harbour.ADDRESS;
import static io.mooring.failover.internal.machine.Harbour.CLIENT;
import static io.mooring.failover.internal.machine.Harbour.LOCAL;
import static io.mooring.failover.internal.machine.Harbour.OTHER_ADDRESS;
import static io.mooring.failover.internal.machine.Harbour.POLL;
import static org.assertj.core.api.Assertions.assertThat;

import io.mooring.failover.ServiceStatus.State;
import io.mooring.failover.TakeOver.Phase;
import io.mooring.failover.internal.connection.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The machine's steps, in their order. */
class ServiceMachineTest {
    private final Harbour harbour = new Harbour();

    private State state() {
        return harbour.machine.status().state();
    }

    private String message() {
        return harbour.machine.status().message();
    }

    @Test
    void withoutItsAddressItIsMooredAndHeld() {
        harbour.start();
        assertThat(state()).isEqualTo(State.ABSENT);
        assertThat(harbour.news()).containsExactlyInAnyOrder("moor nfsd", "moor lockd");
        assertThat(harbour.nfs().open).isFalse();
        assertThat(harbour.nfs().keeper.mayServe()).isFalse();
    }

    @Test
    void anAddressThatComesIsServedInTheRightOrder() {
        harbour.start().news();
        harbour.arrive();
        assertThat(harbour.news())
                .startsWith("own", "take nfsd", "take lockd", "complete")
                .endsWith("open lockd", "open nfsd");
        assertThat(state()).isEqualTo(State.SERVING);
        assertThat(harbour.nfs().keeper.mayServe()).isTrue();
        assertThat(harbour.announced).containsExactly(ADDRESS);
        assertThat(harbour.machine.status().lastTakeOver().phases())
                .extracting(Phase::name)
                .containsExactly("state", "journal", "tickled", "nfsd", "lockd", "serving");
        assertThat(harbour.machine.status().ownership().owner()).isEqualTo("here");
        assertThat(harbour.nfsServer.address(OTHER_ADDRESS).open).isFalse();
    }

    @Test
    void neighboursAndClientsAreToldAsSoonAsClientsAreKnown() {
        harbour.serving();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.leaveWithClient();
        harbour.announced.clear();
        harbour.unavailable = new StateUnavailable(true, "held by nodeB", null);
        harbour.lockd.failure = "no such file system";
        harbour.arrive();
        assertThat(harbour.announced).isEmpty();
        assertThat(harbour.tickled).isEmpty();
        harbour.unavailable = null;
        harbour.pass(POLL);
        assertThat(state()).isEqualTo(State.WAITING);
        assertThat(harbour.announced).containsExactly(ADDRESS);
        assertThat(harbour.tickled).as("they connect while the rest is taken").hasSize(1);
        harbour.lockd.failure = null;
        harbour.pass(POLL);
        assertThat(state()).isEqualTo(State.SERVING);
        assertThat(harbour.tickled).as("once").hasSize(1);
    }

    @Test
    void whoIsBackBeforeAnybodyKnewIsBack() {
        harbour.serving();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.leaveWithClient();
        harbour.unavailable = new StateUnavailable(true, "held by nodeB", null);
        harbour.arrive();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.unavailable = null;
        harbour.pass(POLL);
        assertThat(state()).isEqualTo(State.SERVING);
        assertThat(harbour.tickled).isEmpty();
        assertThat(harbour.machine.status().lastTakeOver().clients())
                .singleElement()
                .satisfies(client -> assertThat(client.back()).isNotNull());
    }

    @Test
    void neighboursAreToldBeforeClientsAreToTryLater() {
        harbour.unavailable = new StateUnavailable(true, "held by nodeB", null);
        harbour.arrive();
        harbour.pass(Duration.ofSeconds(1));
        assertThat(harbour.nfs().open).isFalse();
        assertThat(harbour.announced).isEmpty();
        harbour.pass(Duration.ofSeconds(2));
        assertThat(harbour.nfs().open).isTrue();
        assertThat(harbour.announced).contains(ADDRESS);
    }

    @Test
    void whoConnectsWhileItIsTakenIsKnownToTheNextNode() {
        harbour.lockd.onTake = () -> harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.serving();
        harbour.lockd.onTake = () -> {};
        harbour.leaveWithClient();
        harbour.arrive();
        assertThat(harbour.tickled).hasSize(1);
    }

    @Test
    void neighboursAreToldThreeTimes() {
        harbour.serving();
        harbour.pass(Duration.ofSeconds(5));
        assertThat(harbour.announced).containsExactly(ADDRESS, ADDRESS, ADDRESS);
    }

    @Test
    void neighboursAreToldNoMoreWhenTheServiceIsReleasedOrGone() {
        harbour.serving();
        assertThat(harbour.machine.release()).isNotDone();
        harbour.pass(Duration.ofSeconds(5));
        assertThat(harbour.announced).containsExactly(ADDRESS);
        harbour.lockd.failure = "no such file system";
        harbour.leave();
        harbour.arrive();
        assertThat(harbour.machine.withdraw()).isNotDone();
        harbour.pass(Duration.ofSeconds(5));
        assertThat(harbour.announced).containsExactly(ADDRESS, ADDRESS);
    }

    @Test
    void anAddressThatGoesIsReleasedInTheOppositeOrder() {
        harbour.serving().news();
        harbour.leave();
        assertThat(harbour.news())
                .as("at once, without a sync: clients wait for the next node")
                .containsExactly("hold lockd", "hold nfsd", "settle", "release lockd", "release nfsd", "close");
        assertThat(state()).isEqualTo(State.ABSENT);
        assertThat(harbour.nfs().keeper.mayServe()).isFalse();
        assertThat(harbour.machine.status().ownership()).isNull();
    }

    @Test
    void callsAreHeldBeforeTheListenerReturns() {
        harbour.serving().news();
        harbour.machine.addressRemoved(ADDRESS);
        assertThat(harbour.news()).containsExactly("hold lockd", "hold nfsd");
    }

    @Test
    void nothingIsGivenUpWhileACallIsUnderWay() {
        harbour.serving().news();
        CompletableFuture<Void> call = new CompletableFuture<>();
        harbour.nfs().quiet = call;
        harbour.leave();
        harbour.pass(Duration.ofMinutes(10));
        assertThat(harbour.news()).containsExactly("hold lockd", "hold nfsd", "settle");
        assertThat(state()).isEqualTo(State.RELEASING);
        assertThat(message()).contains("1 calls are under way");
        assertThat(harbour.nfs().keeper.mayServe())
                .as("its reply may still be sent")
                .isTrue();
        call.complete(null);
        harbour.turns.run();
        assertThat(harbour.news()).containsExactly("release lockd", "release nfsd", "close");
    }

    @Test
    void anAddressThatComesBackWhileCallsAreUnderWayIsTakenAfterThem() {
        harbour.serving().news();
        CompletableFuture<Void> call = new CompletableFuture<>();
        harbour.nfs().quiet = call;
        harbour.leave();
        harbour.arrive();
        assertThat(harbour.nfs().open).isFalse();
        call.complete(null);
        harbour.turns.run();
        assertThat(harbour.news()).containsSubsequence("close", "own", "take nfsd", "open nfsd");
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void anAddressThatWasGoneForAMomentIsTakenAnew() {
        harbour.serving().news();
        harbour.machine.addressRemoved(ADDRESS);
        harbour.machine.addressAdded(ADDRESS);
        harbour.turns.run();
        assertThat(harbour.news())
                .containsSubsequence("hold nfsd", "release nfsd", "close", "own", "take nfsd", "open nfsd");
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void anAddressThatGoesDuringTheTakeIsNeverOpened() {
        harbour.lockd.onTake = () -> harbour.machine.addressRemoved(ADDRESS);
        harbour.start().news();
        harbour.arrive();
        assertThat(harbour.news())
                .contains("take lockd", "release lockd", "release nfsd", "close")
                .doesNotContain("open nfsd", "open lockd");
        assertThat(state()).isEqualTo(State.ABSENT);
    }

    @Test
    void itIsServedWhileOneOfItsAddressesIsHere() {
        harbour.serving();
        harbour.machine.addressAdded(OTHER_ADDRESS);
        harbour.turns.run();
        harbour.news();
        harbour.leave();
        assertThat(harbour.news()).containsExactly("hold lockd", "hold nfsd");
        assertThat(state()).isEqualTo(State.SERVING);
        assertThat(harbour.nfsServer.address(OTHER_ADDRESS).open).isTrue();
        harbour.arrive();
        assertThat(harbour.nfs().open).isTrue();
    }

    @Test
    void otherAddressesAreNoneOfItsBusiness() {
        harbour.serving().news();
        harbour.machine.addressAdded(CLIENT.getAddress());
        harbour.machine.addressRemoved(CLIENT.getAddress());
        harbour.turns.run();
        assertThat(harbour.news()).isEmpty();
    }

    @Test
    void whileItsStateIsAwayClientsAreToldToTryLater() {
        harbour.unavailable = new StateUnavailable(true, "no storage", null);
        harbour.serving();
        harbour.pass(Duration.ofMillis(1500));
        assertThat(state()).isEqualTo(State.WAITING);
        assertThat(message()).isEqualTo("no storage");
        assertThat(harbour.nfs().open).isFalse();
        harbour.pass(Duration.ofSeconds(1));
        assertThat(harbour.nfs().open).isTrue();
        assertThat(harbour.nfs().keeper.mayServe()).isTrue();
        assertThat(harbour.nfs().keeper.keep(Harbour.reply(1))).isTrue();
        harbour.unavailable = null;
        harbour.news();
        harbour.pass(POLL);
        assertThat(harbour.news()).containsSubsequence("own", "hold nfsd", "take nfsd", "open nfsd");
        assertThat(state()).isEqualTo(State.SERVING);
        assertThat(harbour.nfs().replies).as("'try later' is no reply to keep").isEmpty();
    }

    @Test
    void theLastOfThemAreWaitedForWithinABound() {
        harbour.unavailable = new StateUnavailable(true, "no storage", null);
        harbour.serving();
        harbour.pass(Duration.ofSeconds(3));
        harbour.nfs().quiet = new CompletableFuture<>();
        harbour.unavailable = null;
        harbour.pass(Duration.ofMillis(500));
        assertThat(harbour.news()).contains("own").doesNotContain("take nfsd");
        harbour.pass(Duration.ofSeconds(1));
        assertThat(harbour.news()).contains("take nfsd");
    }

    @Test
    void whatAParticipantCannotTakeIsTriedAgainWithTheStateInHand() {
        harbour.lockd.failure = "no such file system";
        harbour.start().news();
        harbour.arrive();
        assertThat(harbour.news()).containsExactly("own", "take nfsd", "release nfsd");
        assertThat(state()).isEqualTo(State.WAITING);
        assertThat(message()).isEqualTo("lockd: no such file system");
        harbour.lockd.failure = null;
        harbour.pass(POLL);
        assertThat(harbour.news()).doesNotContain("own").containsSubsequence("take nfsd", "take lockd", "open nfsd");
    }

    @Test
    void anErrorOfAParticipantLeavesNothingHalfTaken() {
        harbour.lockd.error = new IllegalStateException("oops");
        harbour.start().news();
        harbour.arrive();
        assertThat(harbour.news()).containsExactly("own", "take nfsd", "release lockd", "release nfsd");
        assertThat(message()).isEqualTo("lockd: oops");
        harbour.leave();
        assertThat(harbour.news()).containsExactly("settle", "close");
        assertThat(state()).isEqualTo(State.ABSENT);
    }

    @Test
    void whatBrokeDownHalfWayIsTakenAfterwards() {
        harbour.lockd.error = new IllegalStateException("oops");
        harbour.serving();
        harbour.pass(POLL);
        assertThat(message()).isEqualTo("lockd: oops");
        harbour.lockd.error = null;
        harbour.pass(POLL);
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void aStateThatIsRefusedIsTriedAgainSeldom() {
        harbour.unavailable = new StateUnavailable(false, "/state is of another service", null);
        harbour.serving();
        assertThat(state()).isEqualTo(State.FAILED);
        assertThat(message()).isEqualTo("/state is of another service");
        harbour.unavailable = null;
        harbour.pass(Duration.ofSeconds(4));
        assertThat(state()).isEqualTo(State.FAILED);
        assertThat(harbour.nfs().open).as("not served wrongly").isFalse();
        harbour.pass(Duration.ofSeconds(2));
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void forceIsUsedOnlyAfterTheWait() {
        harbour.unavailable = new StateUnavailable(true, "held by nodeB", null);
        harbour.serving();
        harbour.pass(Duration.ofSeconds(9));
        assertThat(harbour.forced).isFalse();
        harbour.pass(Duration.ofSeconds(2));
        assertThat(harbour.forced).isTrue();
    }

    @Test
    void aJournalThatCannotBeWrittenEndsTheServiceUntilItCan() {
        harbour.serving().news();
        harbour.state.listener.accept(new IOException("disk is gone"));
        assertThat(harbour.news()).as("at once").containsExactly("hold lockd", "hold nfsd");
        harbour.turns.run();
        assertThat(harbour.news()).containsExactly("settle", "release lockd", "release nfsd", "close");
        assertThat(state()).isEqualTo(State.FAILED);
        assertThat(message()).isEqualTo("the journal cannot be written: disk is gone");
        harbour.pass(Duration.ofSeconds(6));
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void aNodeThatWasStoppedAnswersNothingWhenAnotherHasTheService() {
        harbour.serving().news();
        harbour.turns.stop(Duration.ofMinutes(1));
        harbour.state.mine = false;
        assertThat(harbour.nfs().keeper.mayServe()).isFalse();
        assertThat(harbour.news()).as("at once").containsExactly("hold lockd", "hold nfsd");
        harbour.turns.run();
        assertThat(harbour.news()).containsExactly("settle", "release lockd", "release nfsd", "close");
        assertThat(state()).isEqualTo(State.FAILED);
        harbour.pass(Duration.ofMinutes(1));
        assertThat(state()).as("it does not take it back").isEqualTo(State.FAILED);
        assertThat(harbour.nfs().open).isFalse();
        harbour.leave();
        assertThat(state()).isEqualTo(State.ABSENT);
        harbour.arrive();
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void aNodeThatWasStoppedGoesOnWhenNobodyTookTheService() {
        harbour.serving();
        harbour.turns.stop(Duration.ofMinutes(1));
        int asked = harbour.state.asked;
        assertThat(harbour.nfs().keeper.mayServe()).isTrue();
        assertThat(harbour.state.asked).isGreaterThan(asked);
    }

    @Test
    void whileItServesTheStateIsAskedRegularlyAndNotByCalls() {
        harbour.serving();
        harbour.pass(Duration.ofSeconds(2));
        int asked = harbour.state.asked;
        assertThat(asked).isBetween(8, 12);
        for (int i = 0; i < 1000; i++) {
            assertThat(harbour.nfs().keeper.mayServe()).isTrue();
        }
        assertThat(harbour.state.asked).isEqualTo(asked);
    }

    @Test
    void itIsAskedAlsoWhileNotAllHaveTakenIt() {
        harbour.lockd.failure = "no such file system";
        harbour.serving();
        harbour.pass(Duration.ofSeconds(3));
        assertThat(state()).isEqualTo(State.WAITING);
        assertThat(harbour.state.asked).isBetween(12, 17);
        harbour.news();
        harbour.state.mine = false;
        harbour.pass(POLL);
        assertThat(harbour.news()).contains("hold nfsd", "close");
        assertThat(state()).isEqualTo(State.FAILED);
        assertThat(message()).startsWith("another node has taken the service");
        harbour.lockd.failure = null;
        harbour.pass(Duration.ofMinutes(1));
        assertThat(harbour.news()).as("it does not take it back").doesNotContain("own");
    }

    @Test
    void itIsAskedAlsoWhileCallsAreUnderWayAndNotWhenItIsGivenUp() {
        harbour.serving();
        CompletableFuture<Void> call = new CompletableFuture<>();
        harbour.nfs().quiet = call;
        harbour.leave();
        int asked = harbour.state.asked;
        harbour.pass(Duration.ofSeconds(2));
        assertThat(harbour.state.asked - asked).isBetween(8, 12);
        call.complete(null);
        harbour.turns.run();
        asked = harbour.state.asked;
        harbour.pass(Duration.ofSeconds(2));
        assertThat(harbour.state.asked).isEqualTo(asked);
    }

    @Test
    void whoGoesWhileNotAllHaveTakenItIsNotTold() {
        harbour.lockd.failure = "no such file system";
        harbour.serving();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.nfs().keeper.disconnected(CLIENT, LOCAL);
        harbour.pass(Duration.ofSeconds(2));
        harbour.leave();
        harbour.lockd.failure = null;
        harbour.arrive();
        assertThat(state()).isEqualTo(State.SERVING);
        assertThat(harbour.tickled).isEmpty();
    }

    @Test
    void aParticipantThatGoesIsPartedWithAndTheRestServe() {
        harbour.serving().news();
        harbour.roster.remove(harbour.lockd);
        CompletableFuture<Void> adapted = harbour.machine.rosterChanged();
        assertThat(adapted).isNotDone();
        harbour.turns.run();
        assertThat(adapted).isCompleted();
        assertThat(harbour.news())
                .containsSubsequence(
                        "hold nfsd", "release lockd", "close", "part lockd", "own", "take nfsd", "open nfsd")
                .doesNotContain("part nfsd", "take lockd", "sync nfsd");
        harbour.roster.add(harbour.lockd);
        harbour.machine.look();
        harbour.turns.run();
        assertThat(harbour.news()).containsSubsequence("close", "moor lockd", "own", "take nfsd", "take lockd");
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void aServerThatComesIsHeldUntilTheServiceIsTaken() {
        harbour.serving();
        harbour.roster.remove(harbour.lockd);
        harbour.roster.remove(harbour.lockServer);
        harbour.machine.look();
        harbour.turns.run();
        assertThat(harbour.news()).endsWith("open nfsd").contains("let go lockd");
        FakeServer fresh = new FakeServer("lockd", harbour.events);
        harbour.roster.add(fresh);
        harbour.machine.look();
        harbour.turns.run();
        assertThat(fresh.address(ADDRESS).open).isTrue();
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void withoutAnyServerItWaits() {
        harbour.roster.remove(harbour.nfsd);
        harbour.roster.remove(harbour.lockd);
        harbour.serving();
        assertThat(state()).isEqualTo(State.WAITING);
        assertThat(message()).contains("nfsd");
        assertThat(harbour.news()).doesNotContain("own");
    }

    /** Clients would be told that the files of their locks are gone. */
    @Test
    void withoutExportsNobodyServesLocks() {
        harbour.serving().news();
        harbour.roster.remove(harbour.nfsd);
        var unused = harbour.machine.rosterChanged();
        harbour.turns.run();
        assertThat(state()).isEqualTo(State.WAITING);
        assertThat(message()).isEqualTo("nfsd is not there");
        assertThat(harbour.news()).contains("release lockd").doesNotContain("own", "take lockd", "open lockd");
        harbour.roster.add(harbour.nfsd);
        harbour.machine.look();
        harbour.turns.run();
        assertThat(harbour.news()).containsSubsequence("own", "take nfsd", "take lockd", "open nfsd");
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void aRefusedDeclarationIsOneLineThatNamesItsPidUntilOthersCome() {
        harbour.nfsd.refusal = "exports: /srv gives /state away";
        harbour.serving();
        assertThat(state()).isEqualTo(State.REFUSED);
        assertThat(message()).isEqualTo("exports: /srv gives /state away (configuration io.mooring.service~data)");
        assertThat(harbour.nfsServer.addresses).isEmpty();
        assertThat(harbour.lockServer.addresses).isEmpty();
        assertThat(harbour.machine.take()).satisfies(taken -> {
            harbour.turns.run();
            assertThat(taken).isCompletedExceptionally();
        });
        harbour.roster.remove(harbour.nfsd);
        harbour.roster.add(new FakeParticipant("nfsd", 0, harbour.events));
        harbour.machine.look();
        harbour.turns.run();
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void aReleaseSyncsWhileItServesAndStays() {
        harbour.serving().news();
        harbour.nfsd.onSync = () -> harbour.turns.stop(Duration.ofMillis(60));
        CompletableFuture<Void> released = harbour.machine.release();
        harbour.turns.run();
        assertThat(released).isCompleted();
        assertThat(harbour.news())
                .startsWith("sync nfsd", "sync lockd", "sync nfsd")
                .endsWith(
                        "hold lockd",
                        "hold nfsd",
                        "settle",
                        "sync nfsd",
                        "sync lockd",
                        "release lockd",
                        "release nfsd",
                        "close")
                .filteredOn("sync nfsd"::equals)
                .hasSize(5 + 1);
        assertThat(state()).isEqualTo(State.RELEASED);
        harbour.pass(Duration.ofMinutes(1));
        assertThat(state()).isEqualTo(State.RELEASED);
        harbour.leave();
        harbour.arrive();
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void oneShortPassOfSyncIsEnough() {
        harbour.serving().news();
        assertThat(harbour.machine.release()).isNotDone();
        harbour.turns.run();
        assertThat(harbour.news())
                .as("and one for what came meanwhile")
                .filteredOn("sync nfsd"::equals)
                .hasSize(2);
    }

    @Test
    void anAddressThatGoesEndsTheSyncing() {
        harbour.serving().news();
        harbour.nfsd.onSync = () -> {
            harbour.turns.stop(Duration.ofMillis(60));
            harbour.machine.addressRemoved(ADDRESS);
        };
        assertThat(harbour.machine.release()).isNotDone();
        harbour.turns.run();
        assertThat(harbour.news()).filteredOn("sync nfsd"::equals).hasSize(1);
    }

    @Test
    void aReleaseThatHangsIsNotOver() {
        harbour.serving();
        CompletableFuture<Void> call = new CompletableFuture<>();
        harbour.nfs().quiet = call;
        CompletableFuture<Void> released = harbour.machine.release();
        harbour.turns.run();
        harbour.pass(Duration.ofSeconds(29));
        assertThat(message()).isEmpty();
        harbour.pass(Duration.ofSeconds(2));
        assertThat(message()).contains("under way");
        assertThat(released).isNotDone();
        assertThat(harbour.news()).doesNotContain("close");
        call.complete(null);
        harbour.turns.run();
        assertThat(released).isCompleted();
    }

    @Test
    void aCommandTakesWhatWasReleased() {
        harbour.serving();
        assertThat(harbour.machine.release()).isNotDone();
        harbour.turns.run();
        CompletableFuture<Void> taken = harbour.machine.take();
        harbour.turns.run();
        assertThat(taken).isCompleted();
        assertThat(state()).isEqualTo(State.SERVING);
    }

    @Test
    void aCommandTakesBeforeTheAddressComes() {
        harbour.start();
        CompletableFuture<Void> taken = harbour.machine.take();
        harbour.turns.run();
        assertThat(taken).isCompleted();
        assertThat(harbour.nfs().open).isFalse();
        assertThat(harbour.announced).isEmpty();
        harbour.news();
        harbour.arrive();
        assertThat(harbour.news()).containsExactly("open lockd", "open nfsd");
        assertThat(harbour.announced).containsExactly(ADDRESS);
        harbour.leave();
        assertThat(state()).isEqualTo(State.ABSENT);
    }

    @Test
    void aCommandLearnsWhyItFails() {
        harbour.unavailable = new StateUnavailable(false, "/state has a newer format", null);
        harbour.start();
        CompletableFuture<Void> taken = harbour.machine.take();
        harbour.turns.run();
        assertThat(taken).isCompletedExceptionally();
        assertThat(message()).isEqualTo("/state has a newer format");
    }

    @Test
    void withoutAutomaticTakingOnlyTheCommandTakes() {
        harbour.machine = harbour.machine(false);
        harbour.serving();
        assertThat(state()).isEqualTo(State.RELEASED);
        assertThat(harbour.machine.take()).isNotDone();
        harbour.turns.run();
        assertThat(state()).isEqualTo(State.SERVING);
        harbour.leave();
        harbour.arrive();
        assertThat(state()).isEqualTo(State.RELEASED);
    }

    @Test
    void whatIsWithdrawnIsGivenUpWithEverything() {
        harbour.serving().news();
        CompletableFuture<Void> ended = harbour.machine.withdraw();
        harbour.turns.run();
        assertThat(ended).isCompleted();
        assertThat(harbour.news())
                .containsSubsequence("sync nfsd", "hold nfsd", "release nfsd", "close", "part lockd", "part nfsd");
        assertThat(harbour.nfsServer.addresses).isEmpty();
        harbour.arrive();
        assertThat(harbour.news()).isEmpty();
    }

    @Test
    void connectionsOfTheNodeBeforeAreToldUntilTheyAreBack() {
        harbour.serving();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.leaveWithClient();
        harbour.arrive();
        assertThat(harbour.tickled).hasSize(1).allSatisfy(connection -> {
            assertThat(connection.client()).isEqualTo(CLIENT);
            assertThat(connection.local()).isEqualTo(LOCAL);
        });
        assertThat(harbour.machine.status().lastTakeOver().clients())
                .singleElement()
                .satisfies(client -> assertThat(client.back()).isNull());
        harbour.pass(Duration.ofMillis(700));
        assertThat(harbour.tickled).hasSize(2);
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.pass(Duration.ofSeconds(5));
        assertThat(harbour.tickled).hasSize(2);
        assertThat(harbour.machine.status().lastTakeOver().clients())
                .singleElement()
                .satisfies(client -> assertThat(client.back()).isEqualTo(Duration.ofMillis(700)));
    }

    /** A client mounted with nconnect=2. */
    @Test
    void eachConnectionIsToldUntilItIsBackAndItsClientIsBackWithTheFirst() {
        InetSocketAddress second = new InetSocketAddress(CLIENT.getAddress(), 701);
        harbour.serving();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.nfs().keeper.connected(second, LOCAL);
        harbour.leave();
        harbour.nfs().keeper.disconnected(CLIENT, LOCAL);
        harbour.nfs().keeper.disconnected(second, LOCAL);
        harbour.arrive();
        assertThat(harbour.tickled).extracting(Connection::client).containsExactly(CLIENT, second);
        harbour.pass(Duration.ofMillis(100));
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.pass(Duration.ofMillis(700));
        assertThat(harbour.tickled).extracting(Connection::client).containsExactly(CLIENT, second, second);
        harbour.nfs().keeper.connected(second, LOCAL);
        harbour.pass(Duration.ofSeconds(5));
        assertThat(harbour.tickled).hasSize(3);
        assertThat(harbour.machine.status().lastTakeOver().clients())
                .singleElement()
                .satisfies(client -> assertThat(client.back()).isEqualTo(Duration.ofMillis(100)));
    }

    @Test
    void aCompactionInTheMidstOfAReleaseForgetsNobody() {
        harbour.serving();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        CompletableFuture<Void> call = new CompletableFuture<>();
        harbour.nfs().quiet = call;
        assertThat(harbour.machine.release()).isNotDone();
        harbour.turns.run();
        assertThat(state()).isEqualTo(State.RELEASING);
        // The server closes it, since its address goes, before anybody here has heard of that.
        harbour.nfs().keeper.disconnected(CLIENT, LOCAL);
        call.complete(null);
        harbour.turns.run();
        harbour.leave();
        harbour.arrive();
        assertThat(harbour.tickled).hasSize(1);
    }

    @Test
    void aCompactionForgetsNobodyWhereWhatWasNotTakenByAllIsGivenUp() {
        harbour.lockd.failure = "no such file system";
        harbour.serving();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.nfs().keeper.disconnected(CLIENT, LOCAL);
        assertThat(harbour.machine.release()).isNotDone();
        harbour.turns.run();
        harbour.lockd.failure = null;
        harbour.leave();
        harbour.arrive();
        assertThat(harbour.tickled).hasSize(1);
    }

    @Test
    void connectionsThatEndAreForgottenAlsoWhereTheServerHearsOfTheAddressFirst() {
        harbour.serving();
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.nfs().keeper.disconnected(CLIENT, LOCAL);
        harbour.pass(Duration.ofMillis(100));
        harbour.leave();
        harbour.arrive();
        assertThat(harbour.tickled).as("closed just before the address went").hasSize(1);
        harbour.nfs().keeper.connected(CLIENT, LOCAL);
        harbour.nfs().keeper.disconnected(CLIENT, LOCAL);
        harbour.pass(Duration.ofSeconds(2));
        harbour.tickled.clear();
        harbour.leave();
        harbour.arrive();
        assertThat(harbour.tickled).isEmpty();
    }

    @Test
    void repliesGoFromNodeToNode() {
        harbour.serving();
        assertThat(harbour.nfs().keeper.keep(Harbour.reply(1))).isTrue();
        harbour.leave();
        assertThat(harbour.nfs().keeper.keep(Harbour.reply(2))).isFalse();
        harbour.arrive();
        assertThat(harbour.nfs().replies).extracting(reply -> reply.xid()).containsExactly(1);
        assertThat(harbour.lockServer.address(ADDRESS).replies).isEmpty();
        harbour.state.writable = false;
        assertThat(harbour.nfs().keeper.keep(Harbour.reply(3))).isFalse();
        assertThat(harbour.machine.status().counters().repliesRestored()).isEqualTo(1);
    }

    @Test
    void aCompactionForgetsNoReply() throws IOException {
        harbour.serving();
        harbour.lockServer.address(ADDRESS).keeper.keep(Harbour.reply(1));
        harbour.roster.remove(harbour.lockd);
        harbour.roster.remove(harbour.lockServer);
        harbour.machine.look();
        harbour.turns.run();
        // As sunrpc does: in its cache first.
        harbour.nfs().replies.add(Harbour.reply(2));
        assertThat(harbour.nfs().keeper.keep(Harbour.reply(2))).isTrue();
        List<byte[]> left = harbour.streams.get("replies").compacted();
        assertThat(left).hasSize(2);
        assertThat(ReplyRecord.decode(left.get(0)).server()).isEqualTo("lockd");
        assertThat(ReplyRecord.decode(left.get(1)).kept().xid()).isEqualTo(2);
    }

    @Test
    void whoComesLateLearnsThatTheJournalLackedSomething() {
        harbour.complete = false;
        harbour.roster.remove(harbour.lockd);
        harbour.serving();
        assertThat(harbour.nfsd.state.complete()).isFalse();
        harbour.complete = true;
        harbour.roster.add(harbour.lockd);
        harbour.machine.look();
        harbour.turns.run();
        assertThat(harbour.nfsd.state.complete()).as("it was told").isTrue();
        assertThat(harbour.lockd.state.complete()).as("it was not").isFalse();
        harbour.leave();
        harbour.arrive();
        assertThat(harbour.lockd.state.complete()).isTrue();
    }
}
