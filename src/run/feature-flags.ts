// k6's feature flags: what `--features`, `K6_FEATURES` and a config file may switch on (k6 page "Feature flags").

export interface FeatureFlag {
  readonly feature: string;
  readonly lifecycle: 'Experimental';
  readonly description: string;
}

/** As k6 2.2 lists them. */
export const FEATURE_FLAGS: readonly FeatureFlag[] = [
  {
    feature: 'native-histograms',
    lifecycle: 'Experimental',
    description: 'Sends trends to Prometheus remote write as native histograms.',
  },
  {
    feature: 'merge-run-tags',
    lifecycle: 'Experimental',
    description: 'Adds the tags of --tag to those of the script and the config file, instead of replacing them.',
  },
  {
    feature: 'freeze-env',
    lifecycle: 'Experimental',
    description: 'Makes __ENV read-only, so that no iteration changes it for the next.',
  },
];

export interface ActiveFeatures {
  readonly names: readonly string[];
  /** What there is none of. */
  readonly unknown: readonly string[];
}

/**
 * @param surfaces where features were asked for, the strongest first; null where nothing was said. The first that said something
 *   decides alone, even when that is nothing
 */
export function readFeatures(surfaces: readonly (readonly string[] | null)[]): ActiveFeatures {
  const asked = (surfaces.find((surface) => surface !== null) ?? [])
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const known = (name: string): boolean => FEATURE_FLAGS.some(({ feature }) => feature === name);
  return { names: [...new Set(asked.filter(known))], unknown: asked.filter((name) => !known(name)) };
}

/** Those of the active ones that change nothing but the tags here. */
export function featuresWithoutEffect({ names }: ActiveFeatures): string[] {
  return names.filter((name) => name !== 'merge-run-tags' && name !== 'native-histograms');
}

/** The tags that every sample of the run carries. */
export function featureTags({ names }: ActiveFeatures): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`k6_feature_${name.replaceAll('-', '_')}`, 'true']));
}
