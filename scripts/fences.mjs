// Runs dependency-cruiser with the fences of .dependency-cruiser.cjs and guards against its silent failure: with a
// TypeScript that it does not know it sees no modules and reports success.
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';

const require = createRequire(import.meta.url);

/**
 * @param {string} baseDir the folder that holds `src`
 * @returns {Promise<{ modules: number, violations: { rule: string, from: string, to: string }[] }>}
 */
export async function findViolations(baseDir) {
  const { forbidden, options } = require('../.dependency-cruiser.cjs');
  const { output } = await cruise(
    ['src'],
    { ...options, ruleSet: { forbidden }, validate: true, baseDir },
    options.enhancedResolveOptions,
  );
  return {
    modules: output.modules.filter((module) => module.source.startsWith('src/')).length,
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}
