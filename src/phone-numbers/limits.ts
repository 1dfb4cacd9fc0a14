export const MAX_LABEL_LENGTH = 255;
export const MAX_CONCURRENT_CALLS = 100_000;
