package io.mooring.addressmonitor.internal;

import io.mooring.addressmonitor.AddressListener;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told: "+192.0.2.1", "-192.0.2.1". Thread-safe. */
final class RecordingListener implements AddressListener {
    private final String name;
    private final List<String> told = new CopyOnWriteArrayList<>();

    RecordingListener(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void addressAdded(InetAddress address) {
        told.add("+" + address.getHostAddress());
    }

    @Override
    public void addressRemoved(InetAddress address) {
        told.add("-" + address.getHostAddress());
    }

    List<String> told() {
        return List.copyOf(told);
    }

    void forget() {
        told.clear();
    }
}
