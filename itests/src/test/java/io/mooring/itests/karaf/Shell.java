package io.mooring.itests.karaf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.karaf.jaas.boot.principal.RolePrincipal;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;

/** Runs Karaf commands with given roles. */
record Shell(SessionFactory sessions, String... roles) {

    /** What the command printed. */
    String run(String command) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
        Subject subject = new Subject();
        for (String role : roles) {
            subject.getPrincipals().add(new RolePrincipal(role));
        }
        PrivilegedExceptionAction<Object> action = () -> {
            try (Session session = sessions.create(new ByteArrayInputStream(new byte[0]), out, out)) {
                return session.execute(command);
            }
        };
        Subject.doAs(subject, action);
        return output.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;]*m", "");
    }

    /** Whether there is such a command. */
    boolean knows(String command) {
        String[] name = command.split(":", -1);
        return sessions.getRegistry().getCommand(name[0], name[1]) != null;
    }

    static Set<String> allRoles() {
        return Set.of("admin", "manager", "viewer", "group", "ssh", "systembundles");
    }
}
