// SPDX-License-Identifier: GPL-2.0-or-later
// The command line of a search.
final class Options {
    String index;
    String queries;
    String mode;
    int top = -1;
    boolean count;
    int repeat = 5;
    int warmupPasses = 5;
    double warmupSeconds = 3;
    int threshold = 1000; // of IndexSearcher.search(query, n): so many hits are counted before any is skipped
    String fetch = "none"; // what is read of each hit: none, id, all

    Options(String[] arguments, int from) {
        for (int i = from; i < arguments.length; i++) {
            String name = arguments[i];
            if (name.equals("--count")) {
                count = true;
            } else if (!name.equals("--json")) {
                if (i + 1 == arguments.length) {
                    throw new Failure("option '" + name + "' needs a value, or is none");
                }
                take(name, arguments[++i]);
            }
        }
        if (index == null || queries == null || mode == null || top < 0) {
            throw new Failure("--index, --queries, --mode and --top are needed");
        }
        if (top == 0 && !count) {
            throw new Failure("--top 0 asks for nothing; it needs --count");
        }
    }

    private void take(String name, String value) {
        switch (name) {
            case "--index":
                index = value;
                break;
            case "--queries":
                queries = value;
                break;
            case "--mode":
                if (!value.equals("or") && !value.equals("and") && !value.equals("phrase")) {
                    throw new Failure("--mode is to be or, and or phrase, not '" + value + "'");
                }
                mode = value;
                break;
            case "--top":
                top = number(name, value, 0);
                break;
            case "--repeat":
                repeat = number(name, value, 1);
                break;
            case "--warmup-passes":
                warmupPasses = number(name, value, 1);
                break;
            case "--warmup-seconds":
                warmupSeconds = number(name, value, 0);
                break;
            case "--threshold":
                threshold = number(name, value, 0);
                break;
            case "--fetch":
                if (!value.equals("none") && !value.equals("id") && !value.equals("all")) {
                    throw new Failure("--fetch is to be none, id or all, not '" + value + "'");
                }
                fetch = value;
                break;
            default:
                throw new Failure("there is no option '" + name + "'");
        }
    }

    private static int number(String name, String value, int least) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as for a number that is too small.
        }
        throw new Failure(name + " is to be a whole number of at least " + least + ", not '" + value + "'");
    }
}
