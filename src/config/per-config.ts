import type { Config } from './config';

/**
 * Makes a function of the configuration give the same object for the same configuration. Nest 11 tells dynamic modules
 * apart by reference (https://docs.nestjs.com/fundamentals/dynamic-modules), so a `forRoot(config)` wrapped in this may
 * be imported by every module that needs it and is still one module with one set of providers.
 */
export function perConfig<T extends object>(make: (config: Config) => T): (config: Config) => T {
  const made = new WeakMap<Config, T>();
  return (config) => {
    const known = made.get(config);
    if (known) return known;
    const fresh = make(config);
    made.set(config, fresh);
    return fresh;
  };
}
