package io.mooring.sunrpc.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.karaf.shell.api.action.Command;
import org.junit.jupiter.api.Test;

/** The commands that change something are for administrators. */
final class CloseAclTest {

    @Test
    void closeNeedsTheRoleAdmin() throws IOException {
        Command close = CloseCommand.class.getAnnotation(Command.class);
        Properties acl = new Properties();
        try (Reader reader = Files.newBufferedReader(
                Path.of("src/main/cfg/org.apache.karaf.command.acl." + close.scope() + ".cfg"))) {
            acl.load(reader);
        }

        assertThat(acl).containsOnlyKeys(close.name()).containsEntry(close.name(), "admin");
    }
}
