// Checks .github/workflows without a network: GitHub's own parser, and what it does not ask for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runnerImport } from 'vite';

// It imports its JSON as bundlers do, and Node does not.
const { module: github } = await runnerImport('@actions/workflow-parser', {
  configFile: false,
  logLevel: 'silent',
  ssr: { noExternal: [/@actions\//] },
});

/** An action by the hash of its commit, with the release behind it for people. */
const PINNED = /^\s*(?:-\s+)?uses:\s+[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/**
 * @param {string} name of the file
 * @param {string} text its content
 * @param {Record<string, string>} scripts those of package.json
 * @returns {Promise<string[]>} what is wrong
 */
export async function problemsOf(name, text, scripts) {
  const { context, value } = github.parseWorkflow({ name, content: text }, new github.NoOperationTraceWriter());
  if (value !== undefined) await github.convertWorkflowTemplate(context, value);
  const problems = context.errors.getErrors().map((error) => error.message);
  const lines = text.split('\n');
  const at = (index, words) => problems.push(`${name}:${index + 1}: ${words}`);
  lines.forEach((line, index) => {
    if (/^\s*(?:-\s+)?uses:/.test(line) && !PINNED.test(line)) at(index, 'no commit and release: ACTION@HASH # vN.N.N');
    for (const [, script] of line.matchAll(/\bnpm run ([\w:-]+)/g)) {
      if (!(script in scripts)) at(index, `package.json has no script ${script}`);
    }
    // A name or title of somebody else's would become part of the shell's program.
    if (/\brun:.*\$\{\{\s*github\.(event|head_ref)/.test(line)) at(index, 'text of an event within a command');
  });
  if (!/^permissions:$/m.test(text)) problems.push(`${name}: no permissions for the whole workflow`);
  return problems;
}

/** What is wrong in all workflows of a repository. */
export async function workflowProblems(root) {
  const folder = join(root, '.github/workflows');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const found = await Promise.all(
    files.map((name) => problemsOf(name, readFileSync(join(folder, name), 'utf8'), scripts)),
  );
  return files.length === 0 ? [`${folder} holds no workflow`] : found.flat();
}
