/** Limits of an agent's members: UTF-16 code units, but for the last. */
export const MAX_NAME_LENGTH = 255;
export const MAX_DESCRIPTION_LENGTH = 2_000;
/** At most three bytes each in UTF-8, so that all fits the 65,535 bytes of MySQL's TEXT. */
export const MAX_PROMPT_LENGTH = 20_000;
export const MAX_GREETING_LENGTH = 2_000;
export const MAX_FALLBACK_TEXT_LENGTH = 1_000;
export const MAX_URL_LENGTH = 2_048;
/** What the column holds. */
export const MAX_LANGUAGE_LENGTH = 64;
/** Bytes of JSON that `voice`, `speech_to_text`, `llm` and `configurations` may hold together. */
export const MAX_SETTINGS_BYTES = 64 * 1_024;
