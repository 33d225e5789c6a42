/** What the server takes for a name, as the `pattern` of an input. */
export const NAME_PATTERN = '[a-z0-9][a-z0-9_\\-]{0,63}';
