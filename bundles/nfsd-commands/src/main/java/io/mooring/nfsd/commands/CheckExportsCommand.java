package io.mooring.nfsd.commands;

import io.mooring.nfsd.NfsService;
import io.mooring.nfsd.NfsService.ExportProblem;
import io.mooring.shell.Table;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** What would be wrong with exports files, without serving them. Karaf makes one for each use. */
@Service
@Command(
        scope = "nfs",
        name = "check-exports",
        description = "Checks exports files and changes nothing: lists each problem with file, line and reason, "
                + "and fails where there is one.")
public final class CheckExportsCommand implements Action {

    @Reference
    NfsService nfs;

    @Argument(
            name = "file",
            description = "Files named 'exports' or '*.exports'; none: those of the configuration",
            multiValued = true)
    @Completion(FileCompleter.class)
    List<String> files;

    @Option(name = "--json", description = "Prints JSON")
    boolean json;

    @Override
    public Object execute() throws CommandException {
        print(System.out);
        return null;
    }

    void print(PrintStream out) throws CommandException {
        List<Path> paths = files == null
                ? List.of()
                : files.stream().map(file -> Path.of(file).toAbsolutePath()).toList();
        List<ExportProblem> problems = nfs.checkExports(paths);
        if (json || !problems.isEmpty()) {
            Table table = new Table("file", "line", "reason");
            problems.forEach(p -> table.row(p.file(), p.line() == 0 ? null : p.line(), p.reason()));
            table.print(out, json);
        } else {
            out.println("The exports are in order.");
        }
        if (!problems.isEmpty()) {
            throw new CommandException(problems.size() + (problems.size() == 1 ? " problem" : " problems"));
        }
    }
}
