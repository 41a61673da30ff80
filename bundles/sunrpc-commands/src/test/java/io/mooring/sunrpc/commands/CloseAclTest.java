package io.mooring.sunrpc.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.karaf.shell.api.action.Command;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The command that changes something is for administrators: the feature brings the rule. */
final class CloseAclTest {

    @Test
    void closeNeedsTheRoleAdmin() throws IOException, ParserConfigurationException, SAXException {
        Command close = CloseCommand.class.getAnnotation(Command.class);
        Properties acl = new Properties();
        acl.load(new StringReader(configuration("org.apache.karaf.command.acl." + close.scope())));

        assertThat(acl).containsOnlyKeys(close.name()).containsEntry(close.name(), "admin");
    }

    private static String configuration(String pid) throws IOException, ParserConfigurationException, SAXException {
        NodeList configurations = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("..", "..", "features", "src", "main", "feature", "feature.xml")
                        .toFile())
                .getElementsByTagName("config");
        return IntStream.range(0, configurations.getLength())
                .mapToObj(i -> (Element) configurations.item(i))
                .filter(config -> config.getAttribute("name").equals(pid))
                .map(Element::getTextContent)
                .findFirst()
                .orElseThrow();
    }
}
