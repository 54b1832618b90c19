const shelf = globalThis as typeof globalThis & { [key: symbol]: unknown };

/**
 * One value per process under this name. Next loads a module once per bundle, so a plain module constant would give a
 * process two registries and two contexts that do not see each other.
 */
export function processWide<T>(name: string, make: () => T): T {
  const key = Symbol.for(`florin.observability.${name}`);
  if (!(key in shelf)) shelf[key] = make();
  return shelf[key] as T;
}
