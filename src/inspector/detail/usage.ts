import { treeOfVm } from '#core/enter/vm-target.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import type { FileTexts } from '#core/usage/files.ts';
import { countedNetworks, networkUsage } from '#core/usage/networks.ts';
import { sampleFiles, usageSample } from '#core/usage/sample.ts';
import type { UsageSample } from '#core/usage/schema.ts';
import { t } from '#core/words/words.ts';
import { DetailError, plain, type Service, word } from './service.ts';

/** A question is a line of at most a megabyte; no path of a cgroup is longer than 4 KiB. */
const FILES_A_QUESTION = 250;

const planOf = (snapshot: Snapshot) => ({
  tree: treeOfVm(snapshot),
  files: sampleFiles(snapshot),
  networks: countedNetworks(snapshot),
});

/** What to ask for depends on the snapshot alone, which stays the same for many samples. */
const plans = new WeakMap<Snapshot, ReturnType<typeof planOf>>();

function planFor(snapshot: Snapshot): ReturnType<typeof planOf> {
  const plan = plans.get(snapshot) ?? planOf(snapshot);
  plans.set(snapshot, plan);
  return plan;
}

/** The cgroups' files are below a process that sees the whole tree; without one nothing of them is known. */
async function cgroupTexts({ ask }: Service, snapshot: Snapshot): Promise<FileTexts> {
  const { tree, files } = planFor(snapshot);
  if (tree === null) return {};
  const questions: Promise<FileTexts>[] = [];
  for (let at = 0; at < files.length; at += FILES_A_QUESTION) {
    const some = files.slice(at, at + FILES_A_QUESTION);
    const answer = ask(['files', tree.pid, tree.startTime, ...some.map((file) => word(`root/${file}`))]);
    questions.push(
      answer.then(({ texts }) => {
        const read = plain(texts);
        return Object.fromEntries(some.map((file) => [file, read[word(`root/${file}`)] ?? null]));
      }),
    );
  }
  return Object.assign({}, ...(await Promise.all(questions)));
}

/** What went through the links of each container's network; one that has ended meanwhile is not known. */
async function networks({ ask }: Service, snapshot: Snapshot): Promise<UsageSample['networks']> {
  const read = await Promise.all(
    planFor(snapshot).networks.map(async ({ id, pid, startTime }) => {
      const reply = await ask(['files', pid, startTime, 'net/dev']).catch(() => null);
      const text = plain(reply?.texts)['net/dev'];
      return typeof text === 'string' ? [[id, networkUsage(text)] as const] : [];
    }),
  );
  return Object.fromEntries(read.flat());
}

/** What every process and every cgroup of a container or service has used so far. */
export async function readUsage(service: Service, snapshot: Snapshot): Promise<UsageSample> {
  const [{ usage, texts }, cgroups, links] = await Promise.all([
    service.ask(['usage']),
    cgroupTexts(service, snapshot),
    networks(service, snapshot),
  ]);
  const sample =
    usage === undefined ? null : usageSample(snapshot, performance.now(), usage, plain(texts), cgroups, links);
  if (sample === null) throw new DetailError(() => t('The kernel does not tell how much memory there is.'));
  return sample;
}
