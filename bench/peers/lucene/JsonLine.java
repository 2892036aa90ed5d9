// SPDX-License-Identifier: GPL-2.0-or-later
// One line of JSON Lines: an object, of which the members "id" and "body", strings, are taken and
// all others passed over. Only what it passes over is read loosely (numbers and literals by their
// end); strings and structure are RFC 8259's.

final class JsonLine {
    private String text;
    private int at;

    String id;
    String body;

    /** Reads a line; a member that is not there is null. Throws IllegalArgumentException with the column. */
    void read(String line) {
        text = line;
        at = 0;
        id = null;
        body = null;
        skipSpace();
        expect('{');
        skipSpace();
        if (peek() == '}') {
            at++;
        } else {
            do {
                skipSpace();
                String name = string();
                skipSpace();
                expect(':');
                skipSpace();
                if (name.equals("id")) {
                    id = string();
                } else if (name.equals("body")) {
                    body = string();
                } else {
                    skipValue();
                }
                skipSpace();
            } while (takeComma('}'));
        }
        skipSpace();
        if (at < text.length()) {
            throw wrong("something behind the object");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what + " at character " + (at + 1));
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("the line ends");
        }
        return text.charAt(at);
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw wrong("not the expected '" + wanted + "'");
        }
        at++;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** Behind a member or element: true at a comma, false at the given end. */
    private boolean takeComma(char end) {
        char found = peek();
        if (found != ',' && found != end) {
            throw wrong("not the expected ',' or '" + end + "'");
        }
        at++;
        return found == ',';
    }

    private String string() {
        expect('"');
        int start = at;
        while (peek() != '"') {
            if (peek() == '\\') {
                return escapedString(start);
            }
            at++;
        }
        return text.substring(start, at++);
    }

    /** The rest of a string in which a backslash has been met. */
    private String escapedString(int start) {
        StringBuilder out = new StringBuilder(text.length() - start).append(text, start, at);
        for (;;) {
            char next = peek();
            at++;
            if (next == '"') {
                return out.toString();
            }
            out.append(next == '\\' ? escape() : next);
        }
    }

    private char escape() {
        char kind = peek();
        at++;
        switch (kind) {
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case '"':
            case '\\':
            case '/':
                return kind;
            case 'u':
                return unicodeEscape();
            default:
                throw wrong("an unknown escape");
        }
    }

    private char unicodeEscape() {
        int value = 0;
        for (int i = 0; i < 4; i++, at++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw wrong("not four hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    private void skipValue() {
        char first = peek();
        if (first == '"') {
            string();
        } else if (first == '{' || first == '[') {
            skipNested(first == '{' ? '}' : ']', first == '{');
        } else {
            while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
        }
    }

    private void skipNested(char end, boolean named) {
        at++;
        skipSpace();
        if (peek() == end) {
            at++;
            return;
        }
        do {
            skipSpace();
            if (named) {
                string();
                skipSpace();
                expect(':');
                skipSpace();
            }
            skipValue();
            skipSpace();
        } while (takeComma(end));
    }
}
