/**
 * A browser started under the POSIX locale calls its language "en-US@posix", which no Intl object
 * accepts; libraries that ask for one as they load would leave the page blank. Imported first.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  const [language = 'en'] = navigator.language.split('@');
  Object.defineProperty(navigator, 'language', { value: language });
}
