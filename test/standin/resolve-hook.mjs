/** Module hook: the package `electron` is the stand-in's module. */
export async function resolve(specifier, context, next) {
  if (specifier !== 'electron') return next(specifier, context);
  return { url: new URL('./electron-module.mjs', import.meta.url).href, shortCircuit: true };
}
