export const MAX_LABEL_LENGTH = 255;
export const MAX_CONCURRENT_CALLS = 100_000;
/** Characters of a `search`: `+` and the fifteen digits of the longest number. */
export const MAX_SEARCH_LENGTH = 16;
