/**
 * Names from outside: of datasets, runs, tasks. Safe as file names on every system. In the dialect
 * that a regular expression and the `pattern` of an input share.
 */
export const NAME_PATTERN = '[a-z0-9][a-z0-9_\\-]{0,63}';
/** What is said of another. */
export const NAME_EXPECTED = 'expected 1 to 64 of a–z, 0–9, "_", "-"';
