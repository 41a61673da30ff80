package io.mooring.nfsd.internal.exports;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the text of an exports(5) file into lines of words: comments, lines continued by a backslash, words with quotes and
 * octal escapes (\040). Used by one thread.
 */
final class ExportsLines {
    private final String text;
    private final List<Line> lines = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private List<String> words = new ArrayList<>();
    private int number = 1;
    private int first = 1;
    private boolean inWord;
    private boolean quoted;

    private ExportsLines(String text) {
        this.text = text;
    }

    /**
     * The words of one line.
     *
     * @param number of its first line in the file, from 1
     */
    record Line(int number, List<String> words) {}

    static List<Line> of(String text) {
        ExportsLines lines = new ExportsLines(text);
        lines.cut();
        return lines.lines;
    }

    private void cut() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                endWord();
                number++;
                i++;
            } else if (c == '\n') {
                endLine();
            } else if (c == '\\' && isOctal(i + 1)) {
                append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else if (c == '"') {
                quoted = !quoted;
                inWord = true;
            } else if (quoted) {
                append(c);
            } else if (c == '#') {
                int end = text.indexOf('\n', i);
                i = (end < 0 ? text.length() : end) - 1;
            } else if (c == ' ' || c == '\t' || c == '\r') {
                endWord();
            } else {
                append(c);
            }
        }
        endLine();
    }

    private boolean isOctal(int at) {
        return at + 3 <= text.length() && text.substring(at, at + 3).matches("[0-3][0-7][0-7]");
    }

    private void append(char c) {
        word.append(c);
        inWord = true;
    }

    private void endWord() {
        if (inWord) {
            words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
    }

    private void endLine() {
        endWord();
        quoted = false;
        if (!words.isEmpty()) {
            lines.add(new Line(first, words));
            words = new ArrayList<>();
        }
        number++;
        first = number;
    }
}
