/**
 * The languages that Vonage speaks; of any other the document would be invalid.
 * Source: `TTSLanguages` of https://www.npmjs.com/package/@vonage/voice, which follows
 * https://developer.vonage.com/en/voice/voice-api/concepts/text-to-speech#supported-languages
 */
const LANGUAGES = (
  'af-ZA ar bg-BG bn-IN ca-ES cmn-CN cmn-TW cs-CZ cy-GB da-DK de-AT de-DE de-ET el-GR en-AU en-GB en-GB-SCT en-GB-WLS ' +
  'en-IE en-IN en-NZ en-US en-ZA es-CO es-ES es-MX es-US eu-ES fi-FI fil-PH fr-CA fr-FR gl-ES gu-IN he-IL hi-IN ' +
  'hu-HU id-ID is-IS it-IT ja-JP kn-IN ko-KR lv-LV ml-IN ms-MY nb-NO nl-BE nl-NL no-NO pa-IN pl-PL pt-BR pt-PT ' +
  'ro-RO ru-RU sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN yue-CN'
).split(' ');

/** Where a language is spoken in several countries, the one taken for a country that Vonage lacks. */
const USUAL: ReadonlyMap<string, string> = new Map([
  ['de', 'de-DE'],
  ['en', 'en-US'],
  ['es', 'es-ES'],
  ['fr', 'fr-FR'],
  ['nl', 'nl-NL'],
  ['pt', 'pt-BR'],
]);
/** Vonage names Chinese by its spoken form. */
const SPOKEN: ReadonlyMap<string, string> = new Map([
  ['zh', 'cmn'],
  ['zh-cn', 'cmn-CN'],
  ['zh-tw', 'cmn-TW'],
  ['zh-hk', 'yue-CN'],
]);

/** The nearest language (BCP 47) that Vonage speaks, or `null` where it speaks none of that name. */
export function vonageLanguage(language: string): string | null {
  const asked = language.toLowerCase();
  const wanted = (SPOKEN.get(asked) ?? asked).toLowerCase();
  const primary = wanted.split('-')[0] ?? wanted;
  const exact = LANGUAGES.find((known) => known.toLowerCase() === wanted);
  return exact ?? USUAL.get(primary) ?? LANGUAGES.find((known) => known.split('-')[0] === primary) ?? null;
}
