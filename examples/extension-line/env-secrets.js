// `--secret-source=env=prefix=APP_`: secrets from the environment.

/** @type {import('sixfold/extension').ExtensionSecretSource} */
export default {
  create: ({ settings, env }) => ({ get: (key) => env[`${settings.prefix ?? ''}${key}`] }),
};
