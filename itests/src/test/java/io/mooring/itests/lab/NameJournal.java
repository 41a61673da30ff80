package io.mooring.itests.lab;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What change-names.py says of the names that it changed. Immutable.
 *
 * @param names that exist by all that was acknowledged
 * @param uncertain names that a change still under way is about
 * @param repeated changes that the server said to have been made before: sent again after a lost reply
 * @param errors what failed
 */
record NameJournal(Set<String> names, Set<String> uncertain, int repeated, List<String> errors) {

    static NameJournal parse(String text) {
        Set<String> names = new HashSet<>();
        Set<String> uncertain = new HashSet<>();
        List<String> errors = new ArrayList<>();
        int repeated = 0;
        for (String line : completeLines(text)) {
            List<String> words = List.of(line.split(" ", -1));
            List<String> about = words.subList(2, words.size());
            if (words.get(0).equals("begin")) {
                uncertain.addAll(about);
                continue;
            }
            uncertain.clear();
            if (words.get(0).startsWith("error")) {
                errors.add(line);
            } else {
                repeated += words.get(0).equals("repeated") ? 1 : 0;
                apply(names, words.get(1), about);
            }
        }
        return new NameJournal(Set.copyOf(names), Set.copyOf(uncertain), repeated, List.copyOf(errors));
    }

    private static List<String> completeLines(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static void apply(Set<String> names, String kind, List<String> about) {
        switch (kind) {
            case "remove", "rmdir" -> names.remove(about.get(0));
            case "rename" -> {
                names.remove(about.get(0));
                names.add(about.get(1));
            }
            case "link" -> names.add(about.get(1));
            default -> names.add(about.get(0));
        }
    }

    /** What is wrong with a directory's names: those lost and those that should be gone. Empty when nothing is. */
    List<String> problemsOf(Set<String> found) {
        List<String> problems = new ArrayList<>();
        names.stream()
                .filter(name -> !found.contains(name) && !uncertain.contains(name))
                .forEach(name -> problems.add("lost: " + name));
        found.stream()
                .filter(name -> !names.contains(name) && !uncertain.contains(name))
                .forEach(name -> problems.add("should be gone: " + name));
        return problems.stream().sorted().toList();
    }
}
