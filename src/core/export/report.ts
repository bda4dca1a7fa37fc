import { analyseSharing } from '../sharing/analyse.ts';
import { sharedReport } from '../sharing/describe.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { visibleText } from '../text/visible.ts';
import { clauses, commas, t } from '../words/words.ts';
import { ExportLimitError, renderMermaid } from './mermaid.ts';
import { pageScene } from './page-scene.ts';

/**
 * Escapes foreign text for Markdown, for use within a line: nothing in it acts as markup, cell border, HTML or link.
 */
function inert(text: string): string {
  return visibleText(text)
    .replace(/[\\`*_[\]#|~>@]|:(?=\/\/)|(?<=www)\./gi, (sign) => `\\${sign}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;');
}

function table(head: readonly string[], rows: readonly (readonly string[])[], empty: string): string {
  if (rows.length === 0) return `${empty}\n`;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map((row) => line(row.map(inert))).join('');
}

/** The picture as a block that GitHub, GitLab and many others draw; a sentence where it would be too large for them. */
function drawn(snapshot: Snapshot): string {
  try {
    return `\`\`\`mermaid\n${renderMermaid(pageScene(snapshot))}\`\`\`\n`;
  } catch (error) {
    if (error instanceof ExportLimitError) return `${t('The picture is left out: {why}', { why: error.message })}\n`;
    throw error;
  }
}

/** A report to put into a ticket: what runs, who shares what and why, what was found, and ports. */
export function renderReport(snapshot: Snapshot): string {
  const sharing = analyseSharing(snapshot);
  const names = new Map(snapshot.containers.map(({ id, name }) => [id, name]));
  const { host, engine, takenAt, containers, processes, namespaces } = snapshot;
  const running = containers.filter(({ state }) => state === 'running').length;
  return [
    `# ${inert(engine?.name ?? host.hostname)}\n`,
    `${t(
      '{machine}: {containers, plural, one {# container} other {# containers}}, {running} of them running, {processes, plural, one {# process} other {# processes}}, {namespaces, plural, one {# namespace} other {# namespaces}}.',
      {
        machine: clauses(
          inert(takenAt),
          `Linux ${inert(host.kernel)}`,
          engine === null ? null : `${engine.kind} ${inert(engine.version)}`,
        ),
        ...{ containers: containers.length, running },
        ...{ processes: processes.length, namespaces: namespaces.length },
      },
    )}\n`,
    drawn(snapshot),
    `## ${t('Who shares what, and why')}\n`,
    table(
      [t('Kind'), t('Namespace'), t('Members')],
      sharedReport(snapshot, sharing).map(({ kind, namespace, members, causes }) => [
        kind,
        namespace,
        commas(
          members.map((member) => {
            const cause = causes[member];
            return cause ? t('{member} ({cause})', { member, cause }) : member;
          }),
        ),
      ]),
      t('Nothing is shared.'),
    ),
    `## ${t('Declared, and not in force')}\n`,
    table(
      [t('Container'), t('Kind'), t('Declared'), t('What it means')],
      sharing.broken.map(({ container, kind, declared, text }) => [
        names.get(container) ?? container,
        kind,
        declared,
        text,
      ]),
      t('Nothing.'),
    ),
    `## ${t('Found ⟨findings⟩')}\n`,
    table(
      [t('Container'), t('Severity'), t('What'), t('Evidence'), t('Cure')],
      sharing.findings.map(({ container, severity, title, evidence, cure }) => [
        names.get(container) ?? container,
        t(severity),
        title,
        evidence,
        cure ?? '',
      ]),
      t('Nothing.'),
    ),
    `## ${t('Published ports')}\n`,
    table(
      [t('Container'), t('Port'), t('On the host')],
      containers.flatMap(({ name, ports }) =>
        ports
          .filter(({ hostPort }) => hostPort !== null)
          .map(({ containerPort, protocol, hostIp, hostPort }) => [
            name,
            `${containerPort}/${protocol}`,
            `${hostIp ?? ''} ${hostPort}`.trim(),
          ]),
      ),
      t('None.'),
    ),
  ].join('\n');
}
