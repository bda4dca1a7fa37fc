import { spawn } from 'node:child_process';
import * as z from 'zod';
import type { Detail, Mount, Subject, subjectSchema } from '#core/detail/detail.ts';
import { propagationGroups, propagationPeers } from '#core/detail/mount-tables.ts';
import { natReply, natRules } from '#core/detail/nat.ts';
import { linksOf, networkReply, routesOf, socketsOf } from '#core/detail/network.ts';
import {
  cgroupFiles,
  parseCgroupPaths,
  parseMounts,
  parseQueue,
  parseSysvipc,
  processDetail,
  smallDetail,
  type Texts,
  wallsDetail,
} from '#core/detail/texts.ts';
import { treeOfVm } from '#core/enter/vm-target.ts';
import { NAMESPACE_KINDS, parseNamespaceId } from '#core/snapshot/namespace.ts';
import type { Engine, Process, Snapshot } from '#core/snapshot/snapshot.ts';
import type { Connection } from '../engine/connection.ts';
import { EngineClient } from '../engine/engine.ts';
import { ProbeMissingError, probeArch, readProbe } from '../probe/binary.ts';
import { type Capability, READING, readingRungs, startHelper, worksHere } from '../probe/helper.ts';

/** What the helper that answers questions may do beyond reading; it runs only while somebody asks. */
const JOINING: readonly Capability[] = [
  ...READING,
  { name: 'SYS_ADMIN', reason: 'to join a network, ipc or uts namespace and look from inside (setns(2))' },
  { name: 'NET_ADMIN', reason: 'to ask for the ids of other network namespaces (rtnetlink(7))' },
];

/** Nobody has asked for so long: the helper is ended. */
const IDLE_MS = 60_000;
/** No answer is as slow as that; the helper hangs. */
const ANSWER_MS = 5_000;

const replySchema = z.object({
  t: z.literal('reply'),
  id: z.string(),
  error: z.string().optional(),
  message: z.string().optional(),
  texts: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string().nullable()), z.null()])).optional(),
  network: networkReply.nullish(),
  nat: natReply.optional(),
  sockets: z.array(z.tuple([z.int(), z.int()])).optional(),
});
type Reply = z.infer<typeof replySchema>;

/** There is no answer: `message` says why. */
export class DetailError extends Error {
  readonly code = 'detail';
}

interface Service {
  ask(words: readonly (string | number)[]): Promise<Reply>;
  close(): Promise<void>;
}

interface Line {
  write(text: string): void;
  stop(): Promise<void>;
}

type OpenLine = (onOutput: (chunk: Buffer) => void, onEnd: (reason: string) => void) => Promise<Line>;

/** A path as a word of a question: nothing in it can end the word or the line. */
function word(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** Questions and answers over one running `serve`; what is open when it ends fails. */
async function createService(open: OpenLine, onEnd: () => void): Promise<Service> {
  const waiting = new Map<string, { resolve(reply: Reply): void; reject(error: Error): void }>();
  let pending = '';
  let next = 1;
  const decoder = new TextDecoder();
  const failAll = (reason: string): void => {
    for (const { reject } of waiting.values()) reject(new DetailError(reason));
    waiting.clear();
    onEnd();
  };
  const line = await open((chunk) => {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n');
    pending = lines.pop() ?? '';
    for (const text of lines) {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        continue;
      }
      const parsed = replySchema.safeParse(value);
      if (!parsed.success) continue;
      waiting.get(parsed.data.id)?.resolve(parsed.data);
    }
  }, failAll);
  // Podman lets the body of the request that attached through: this ends it.
  line.write('\n');
  return {
    ask(words) {
      const id = String(next++);
      const [verb, ...rest] = words;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new DetailError('The probe did not answer within 5 s. Try again.'));
        }, ANSWER_MS);
        const settle = (run: () => void): void => {
          clearTimeout(timer);
          waiting.delete(id);
          run();
        };
        waiting.set(id, {
          resolve: (reply) =>
            settle(() => {
              if (reply.error === undefined) resolve(reply);
              else reject(new DetailError(reply.message ?? reply.error));
            }),
          reject: (error) => settle(() => reject(error)),
        });
        line.write(`${[verb, id, ...rest].join(' ')}\n`);
      });
    },
    close: () => line.stop(),
  };
}

async function openHelper(connection: Connection, ...[onOutput, onEnd]: Parameters<OpenLine>): Promise<Line> {
  let engine: Engine | null = null;
  try {
    const client = new EngineClient(connection);
    engine = await client.describe();
    const helper = await startHelper(
      client,
      engine,
      { purpose: 'detail', args: ['serve'], rungs: readingRungs(engine, JOINING) },
      { onOutput: (chunk, stream) => stream === 'stdout' && onOutput(chunk), onEnd },
    );
    return {
      write: (text) => void helper.write(text),
      async stop() {
        await helper.stop();
        connection.close();
      },
    };
  } catch (error) {
    connection.close();
    if (engine !== null && worksHere(error, engine)) return openHere(onOutput, onEnd);
    throw error;
  }
}

async function openHere(...[onOutput, onEnd]: Parameters<OpenLine>): Promise<Line> {
  const arch = probeArch(process.arch);
  if (arch === null) throw new ProbeMissingError(`There is no probe for ${process.arch} machines.`);
  const { path } = await readProbe(arch);
  const child = spawn(path, ['serve'], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  child.stdout.on('data', onOutput);
  child.on('error', (error) => onEnd(error.message));
  child.on('close', () => onEnd('The probe ended. Try again.'));
  return {
    write: (text) => void child.stdin.write(text),
    async stop() {
      child.stdin.end();
    },
  };
}

function plain(texts: Reply['texts']): Texts {
  return Object.fromEntries(
    Object.entries(texts ?? {}).map(([name, text]) => [name, typeof text === 'string' ? text : null]),
  );
}

const NET_FILES = ['net/tcp', 'net/tcp6', 'net/udp', 'net/udp6', 'net/unix'];
const SMALL_FILES = {
  user: ['uid_map', 'gid_map', 'setgroups'],
  time: ['timens_offsets'],
} as const;
const PROCESS_FILES = ['status', 'stat', 'exe', 'cwd', 'root', 'uid_map', 'attr/current', 'oom_score'];

/** Where a namespace can be reached: a process in it, or a mount that holds it. */
interface Way {
  readonly process: Process | null;
  /** Below /proc. */
  readonly path: string;
}

function wayTo(snapshot: Snapshot, id: string): Way {
  const namespace = snapshot.namespaces.find((each) => each.id === id);
  if (namespace === undefined) throw new DetailError(`There is no namespace ${id} any more.`);
  const { kind } = namespace;
  const process = snapshot.processes.find(({ pid }) => pid === namespace.pids[0]);
  if (process !== undefined) return { process, path: `${process.pid}/ns/${kind}` };
  for (const pin of namespace.pins) {
    if (pin.type === 'mount') {
      const holder = snapshot.processes.find(({ namespaces }) => namespaces.mnt === pin.mnt);
      if (holder !== undefined) return { process: null, path: `${holder.pid}/root${pin.path}` };
    } else if (pin.type === 'fd') return { process: null, path: `${pin.pid}/fd/${pin.fd}` };
    else if (pin.type === 'thread') return { process: null, path: `${pin.pid}/task/${pin.tid}/ns/${kind}` };
    else return { process: null, path: `${pin.pid}/ns/${kind}_for_children` };
  }
  throw new DetailError('No process is in it and nothing is known to hold it, so it cannot be looked into.');
}

/** More mount namespaces than these are not asked for their propagation groups. */
const MOST_TABLES = 200;

async function otherMounts(ask: Service['ask'], snapshot: Snapshot, id: string): Promise<Map<string, Mount[]>> {
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const others = snapshot.namespaces
    .filter((each) => each.kind === 'mnt' && each.id !== id)
    .slice(0, MOST_TABLES)
    .flatMap((each) => {
      const process = processes.get(each.pids[0] ?? -1);
      return process === undefined ? [] : [{ id: each.id, process }];
    });
  const tables = await Promise.all(
    others.map(async ({ id: other, process }) => {
      // Who has ended meanwhile has no mounts any more.
      const reply = await ask(['files', process.pid, process.startTime, 'mountinfo']).catch(() => null);
      return [other, parseMounts(plain(reply?.texts).mountinfo ?? '')] as const;
    }),
  );
  return new Map(tables);
}

async function namespaceDetail({ ask }: Service, snapshot: Snapshot, id: string): Promise<Detail> {
  const { kind, inode } = parseNamespaceId(id) ?? { kind: NAMESPACE_KINDS[0], inode: 0 };
  const { process, path } = wayTo(snapshot, id);
  const files = async (names: readonly string[]): Promise<Texts> =>
    process === null ? {} : plain((await ask(['files', process.pid, process.startTime, ...names])).texts);
  const inside = (...names: string[]) => ask(['inside', kind, inode, word(path), ...names]);
  switch (kind) {
    case 'net': {
      const [reply, texts, holders] = await Promise.all([
        ask(['network', inode, word(path)]),
        files(NET_FILES),
        ask(['sockets', inode]),
      ]);
      const { network, nat } = reply;
      const notes: string[] = [];
      if (process === null) notes.push('No process is in it, so its sockets cannot be listed.');
      if (network === null || network === undefined) notes.push('The kernel did not tell its links and routes.');
      return {
        kind,
        links: network ? linksOf(network, id) : [],
        routes: network ? routesOf(network) : [],
        nat: nat === undefined ? null : natRules(nat),
        ...socketsOf(texts, holders.sockets ?? []),
        notes,
      };
    }
    case 'mnt': {
      const texts = await files(['mountinfo']);
      if (texts.mountinfo === null || texts.mountinfo === undefined) {
        throw new DetailError('No process is in it, so its mount table cannot be read.');
      }
      const mounts = parseMounts(texts.mountinfo);
      const groups = propagationGroups(mounts);
      const others = groups.size === 0 ? new Map<string, Mount[]>() : await otherMounts(ask, snapshot, id);
      return { kind, mounts, peers: propagationPeers(groups, others) };
    }
    case 'ipc': {
      const { texts } = await inside('sysvipc/shm', 'sysvipc/sem', 'sysvipc/msg', 'mqueue');
      const tables = plain(texts);
      const queues = texts?.mqueue;
      return {
        kind,
        shm: parseSysvipc(tables['sysvipc/shm'] ?? '', 'size', 'nattch'),
        sem: parseSysvipc(tables['sysvipc/sem'] ?? '', 'nsems', null),
        msg: parseSysvipc(tables['sysvipc/msg'] ?? '', 'cbytes', 'qnum'),
        queues:
          queues === null || typeof queues !== 'object'
            ? null
            : Object.entries(queues).map(([name, text]) => ({ name: `/${name}`, bytes: parseQueue(text ?? '') })),
      };
    }
    case 'uts':
      return smallDetail(kind, plain((await inside('sys/kernel/hostname', 'sys/kernel/domainname')).texts));
    case 'user':
    case 'time':
      return smallDetail(kind, await files(SMALL_FILES[kind]));
    case 'cgroup':
      // Inside, the path of a process is told from the namespace's root: /../.. where it is above.
      return smallDetail(kind, await files(['cgroup']));
    case 'pid':
      return {
        kind,
        init:
          snapshot.processes.find(({ namespaces, nsPids }) => namespaces.pid === id && nsPids.at(-1) === 1)?.pid ??
          null,
        levels: process === null ? null : process.nsPids.length,
      };
  }
}

async function wallsOf({ ask }: Service, snapshot: Snapshot, pid: number, startTime: number): Promise<Detail> {
  const own = plain((await ask(['files', pid, startTime, 'cgroup'])).texts);
  if (own.cgroup === null || own.cgroup === undefined) throw new DetailError('Its cgroup cannot be read.');
  const paths = parseCgroupPaths(own.cgroup);
  const tree = treeOfVm(snapshot);
  if (tree === null) throw new DetailError('No process is known through whose tree the cgroups could be read.');
  const files = cgroupFiles(paths);
  const names = [...files.values()].map((path) => word(`root/${path}`));
  const texts = plain((await ask(['files', tree.pid, tree.startTime, ...names])).texts);
  const byName = [...files].map(([name, path]) => [name, texts[word(`root/${path}`)] ?? null] as const);
  return wallsDetail(paths, Object.fromEntries(byName));
}

async function answer(service: Service, snapshot: Snapshot, subject: Subject): Promise<Detail> {
  if (subject.type === 'namespace') return namespaceDetail(service, snapshot, subject.id);
  const { pid, startTime } = subject;
  if (subject.type === 'walls') return wallsOf(service, snapshot, pid, startTime);
  const [files, threads] = await Promise.all([
    service.ask(['files', pid, startTime, ...PROCESS_FILES]),
    service.ask(['threads', pid, startTime]),
  ]);
  return processDetail(plain(files.texts), plain(threads.texts), snapshot.host.clockTicks);
}

export interface DetailsOptions {
  connect(endpoint: string): Promise<Connection | null>;
  snapshot(endpoint: string): Promise<Snapshot>;
}

export interface Details {
  read(endpoint: string, subject: z.infer<typeof subjectSchema>): Promise<Detail>;
  close(): Promise<void>;
}

/** Looks into namespaces and processes on request; one helper an endpoint, only while somebody asks. */
export function createDetails({ connect, snapshot }: DetailsOptions): Details {
  const services = new Map<string, { service: Promise<Service>; idle: NodeJS.Timeout }>();

  function end(endpoint: string): Promise<void> {
    const entry = services.get(endpoint);
    if (entry === undefined) return Promise.resolve();
    services.delete(endpoint);
    clearTimeout(entry.idle);
    return entry.service.then(
      (service) => service.close(),
      () => {},
    );
  }

  function serviceOf(endpoint: string): Promise<Service> {
    const idle = setTimeout(() => void end(endpoint), IDLE_MS);
    idle.unref();
    const known = services.get(endpoint);
    if (known !== undefined) {
      clearTimeout(known.idle);
      known.idle = idle;
      return known.service;
    }
    const service = (async () => {
      const connection = await connect(endpoint);
      const open: OpenLine =
        connection === null ? openHere : (onOutput, onEnd) => openHelper(connection, onOutput, onEnd);
      return createService(open, () => void end(endpoint));
    })();
    services.set(endpoint, { service, idle });
    // One that could not be started is tried again by the next question.
    service.catch(() => services.delete(endpoint));
    return service;
  }

  return {
    async read(endpoint, subject) {
      const [service, moment] = await Promise.all([serviceOf(endpoint), snapshot(endpoint)]);
      return answer(service, moment, subject);
    },
    async close() {
      await Promise.all([...services.keys()].map(end));
    },
  };
}
