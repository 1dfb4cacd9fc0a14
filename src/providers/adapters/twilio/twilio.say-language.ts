/**
 * What `<Say>` takes for a language.
 * Source: `SayLanguage` in `lib/twiml/VoiceResponse.d.ts` of twilio 6.2.0
 */
export const SAY_LANGUAGES: readonly string[] = [
  'af-ZA am-ET ar-AE ar-XA arb bg-BG bn-IN ca-ES cmn-CN cmn-TW cs-CZ cy-GB da-DK de-AT de-DE el-GR en-AU en-CA',
  'en-GB en-GB-WLS en-IE en-IN en-NZ en-US en-ZA es-ES es-MX es-US fi-FI fil-PH fr-BE fr-CA fr-FR gu-IN he-IL',
  'hi-IN hu-HU id-ID is-IS it-IT ja-JP kn-IN ko-KR lv-LV ml-IN mr-IN ms-MY nb-NO nl-BE nl-NL pa-IN pl-PL pt-BR',
  'pt-PT ro-RO ru-RU sk-SK sr-RS sv-SE ta-IN te-IN th-TH tr-TR uk-UA vi-VN yue-HK zh-CN zh-HK zh-TW',
].flatMap((line) => line.split(' '));

/** The one to send for a BCP 47 tag: itself, else the same language as spoken elsewhere; `undefined` where there is none. */
export function sayLanguage(tag: string): string | undefined {
  const same = SAY_LANGUAGES.find((language) => language.toLowerCase() === tag.toLowerCase());
  const locale = localeOf(tag);
  if (same || !locale) return same;
  const likely = new Intl.Locale(locale.language).maximize();
  const wanted = [locale, likely].map(({ language, region }) => `${language}-${region}`);
  const known = wanted.find((language) => SAY_LANGUAGES.includes(language));
  return known ?? SAY_LANGUAGES.find((language) => language.startsWith(`${locale.language}-`));
}

function localeOf(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag);
  } catch {
    return null;
  }
}
