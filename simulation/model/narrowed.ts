import type { Fielded, Model } from './model.ts';

/** The same model without some of what may happen, by its words; the landmarks that lie behind that go, too. */
export function narrowed<S extends Fielded>(
  model: Model<S>,
  without: { happenings: RegExp; landmarks?: RegExp },
): Model<S> {
  const reached = Object.entries(model.landmarks).filter(([name]) => !without.landmarks?.test(name));
  return {
    ...model,
    landmarks: Object.fromEntries(reached),
    steps(s, go) {
      model.steps(s, (words, to, path) => {
        if (!without.happenings.test(words)) go(words, to, path);
      });
    },
  };
}
