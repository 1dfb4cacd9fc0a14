/** The languages that Plivo's basic voices speak. Source: https://plivo.com/docs/voice/xml/audio-output */
const LANGUAGES = [
  'en-US',
  'en-GB',
  'en-AU',
  'da-DK',
  'nl-NL',
  'fr-FR',
  'fr-CA',
  'de-DE',
  'it-IT',
  'pl-PL',
  'pt-BR',
  'pt-PT',
  'ru-RU',
  'es-ES',
  'es-US',
  'sv-SE',
] as const;
/** Has no woman's voice, which is Plivo's default. */
const MAN_ONLY = 'pt-PT';

/**
 * The attributes of `Speak` for a BCP 47 language: the same or else another form of that language; none at all, which is
 * American English, where Plivo speaks neither.
 */
export function plivoVoice(language: string | null): { language?: string; voice?: string } {
  const wanted = language?.toLowerCase().replace('_', '-');
  if (!wanted) return {};
  const primary = `${wanted.split('-')[0]}-`;
  const spoken =
    LANGUAGES.find((one) => one.toLowerCase() === wanted) ??
    LANGUAGES.find((one) => one.toLowerCase().startsWith(primary));
  if (!spoken) return {};
  return spoken === MAN_ONLY ? { language: spoken, voice: 'MAN' } : { language: spoken };
}
