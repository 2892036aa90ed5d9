// SPDX-License-Identifier: GPL-2.0-or-later
// A failure whose message is a sentence for the user.
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
        super(message);
    }
}
