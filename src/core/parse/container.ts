import * as z from 'zod';
import type { Container } from '../snapshot/snapshot.ts';
import { orNull } from './empty.ts';

/**
 * What Docker's and Podman's API say of one container and its volumes, as facts of the snapshot. Tolerant of missing
 * fields: engines from API 1.41 to 1.55 and Podman differ; what is unknown stays empty or null. Source: moby
 * api/docs/CHANGELOG.md.
 */

/** Marks Bulkhead's own helper containers. */
export const HELPER_LABEL = 'dev.bulkhead.helper';

const text = z.string().nullish();
const list = z.array(z.string()).nullish();
const bindings = z.record(z.string(), z.array(z.object({ HostIp: text, HostPort: text })).nullable());

const inspectSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Created: text,
  Image: text,
  Path: text,
  Args: list,
  AppArmorProfile: text,
  ProcessLabel: text,
  State: z
    .object({
      Status: text,
      Pid: z.number().nullish(),
      ExitCode: z.number().nullish(),
      StartedAt: text,
      FinishedAt: text,
    })
    .nullish(),
  Config: z
    .object({
      Image: text,
      Hostname: text,
      Labels: z.record(z.string(), z.string()).nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  HostConfig: z
    .object({
      NetworkMode: text,
      IpcMode: text,
      PidMode: text,
      UTSMode: text,
      UsernsMode: text,
      CgroupnsMode: text,
      Privileged: z.boolean().nullish(),
      CapAdd: list,
      CapDrop: list,
      SecurityOpt: list,
      Devices: z.array(z.object({ PathOnHost: text, PathInContainer: text, CgroupPermissions: text })).nullish(),
      Memory: z.number().nullish(),
      NanoCpus: z.number().nullish(),
      CpuQuota: z.number().nullish(),
      CpuPeriod: z.number().nullish(),
      PidsLimit: z.number().nullish(),
      RestartPolicy: z.object({ Name: text }).nullish(),
      PortBindings: bindings.nullish(),
    })
    .nullish(),
  Mounts: z
    .array(
      z.object({
        Type: text,
        Name: text,
        Source: text,
        Destination: text,
        RW: z.boolean().nullish(),
        Propagation: text,
      }),
    )
    .nullish(),
  NetworkSettings: z
    .object({
      Ports: bindings.nullish(),
      Networks: z
        .record(
          z.string(),
          z.object({ NetworkID: text, IPAddress: text, MacAddress: text, Aliases: list, DNSNames: list }).nullable(),
        )
        .nullish(),
    })
    .nullish(),
});

const STATES = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'] as const;

/** The engine's zero time stands for "never". */
function moment(value: string | null | undefined): string | null {
  return value === null || value === undefined || value === '' || value.startsWith('0001-') ? null : value;
}

/** A port of the machine; null for any that is free, and for what is no single port. */
function hostPortOf(text: string | null | undefined): number | null {
  const port = orNull(text);
  return port === null || !/^\d{1,5}$/.test(port) || Number(port) > 65_535 ? null : Number(port);
}

function portsOf(ports: z.infer<typeof bindings>): Container['ports'] {
  return Object.entries(ports).flatMap(([key, places]): Container['ports'] => {
    const [port, protocol = 'tcp'] = key.split('/');
    const containerPort = Number(port);
    if (!Number.isInteger(containerPort)) return [];
    if (places === null || places.length === 0) {
      return [{ containerPort, protocol, hostIp: null, hostPort: null }];
    }
    return places.map(({ HostIp, HostPort }) => ({
      containerPort,
      protocol,
      hostIp: HostIp ?? '',
      hostPort: hostPortOf(HostPort),
    }));
  });
}

type HostConfig = z.infer<typeof inspectSchema>['HostConfig'];

/** Where the engine tells the rest, a missing list is an empty one. */
function devicesOf(host: HostConfig): Container['devices'] {
  if (host === null || host === undefined) return null;
  return (host.Devices ?? []).map(({ PathOnHost, PathInContainer, CgroupPermissions }) => ({
    source: PathOnHost ?? '',
    destination: PathInContainer ?? '',
    access: CgroupPermissions ?? '',
  }));
}

/** Docker's length of a period where none is set, in microseconds. */
const CPU_PERIOD = 100_000;

/** Engines write no limit as 0, -1 or null. */
function limitsOf(host: HostConfig): Container['limits'] {
  if (host === null || host === undefined) return null;
  const some = (value: number | null | undefined) => (value == null || value <= 0 ? null : value);
  const [nano, quota] = [some(host.NanoCpus), some(host.CpuQuota)];
  return {
    memory: some(host.Memory),
    cpus: nano !== null ? nano / 1e9 : quota === null ? null : quota / (some(host.CpuPeriod) ?? CPU_PERIOD),
    tasks: some(host.PidsLimit),
  };
}

/** One container from `GET /containers/{id}/json`; null when the answer does not fit. */
export function parseContainer(value: unknown): Container | null {
  const parsed = inspectSchema.safeParse(value);
  if (!parsed.success) return null;
  const { data } = parsed;
  const labels = data.Config?.Labels ?? {};
  const host = data.HostConfig;
  const pid = data.State?.Pid ?? 0;
  return {
    id: data.Id,
    name: data.Name.replace(/^\//, ''),
    image: data.Config?.Image ?? data.Image ?? '',
    imageId: orNull(data.Image),
    command: [...(orNull(data.Path) === null ? [] : [data.Path ?? '']), ...(data.Args ?? [])],
    state: STATES.find((state) => state === data.State?.Status) ?? 'unknown',
    pid: pid > 0 ? pid : null,
    created: data.Created ?? '',
    startedAt: moment(data.State?.StartedAt),
    finishedAt: moment(data.State?.FinishedAt),
    exitCode: data.State?.ExitCode ?? null,
    hostname: orNull(data.Config?.Hostname),
    labels,
    modes: {
      net: host?.NetworkMode ?? '',
      ipc: host?.IpcMode ?? '',
      pid: host?.PidMode ?? '',
      uts: host?.UTSMode ?? '',
      user: host?.UsernsMode ?? '',
      cgroup: host?.CgroupnsMode ?? '',
    },
    ports: portsOf(data.NetworkSettings?.Ports ?? {}),
    asked: host == null ? null : portsOf(host.PortBindings ?? {}),
    networks: Object.entries(data.NetworkSettings?.Networks ?? {}).map(([name, network]) => ({
      name,
      id: orNull(network?.NetworkID),
      ip: orNull(network?.IPAddress),
      mac: orNull(network?.MacAddress),
      ...aliasesOf(network?.Aliases, network?.DNSNames),
    })),
    mounts: (data.Mounts ?? []).map((mount) => ({
      type: mount.Type ?? '',
      name: orNull(mount.Name),
      source: mount.Source ?? '',
      destination: mount.Destination ?? '',
      readOnly: mount.RW === false,
      device: null,
      propagation: mount.Propagation ?? '',
    })),
    privileged: host?.Privileged ?? false,
    capAdd: host?.CapAdd ?? [],
    capDrop: host?.CapDrop ?? [],
    securityOptions: host?.SecurityOpt ?? [],
    lsmProfile: orNull(data.AppArmorProfile) ?? orNull(data.ProcessLabel),
    devices: devicesOf(host),
    limits: limitsOf(host),
    restartPolicy: host?.RestartPolicy?.Name ?? '',
    helper: labels[HELPER_LABEL] !== undefined,
  };
}

/** Newer engines tell the names apart from the aliases that were asked for. */
function aliasesOf(aliases: string[] | null | undefined, names: string[] | null | undefined): { aliases?: string[] } {
  const all = [...new Set([...(aliases ?? []), ...(names ?? [])])];
  return all.length === 0 ? {} : { aliases: all };
}

const volumeSchema = z.object({ Driver: text, Options: z.record(z.string(), z.string()).nullish() });

/**
 * The directory that a volume of the local driver is a bind of, from `GET /volumes/{name}`; null for any other. The
 * driver hands its options to mount(2), so `o=bind,device=/` is the root of the machine under another name.
 */
export function parseVolumeDevice(value: unknown): string | null {
  const parsed = volumeSchema.safeParse(value);
  if (!parsed.success || parsed.data.Driver !== 'local') return null;
  const { o = '', device = '' } = parsed.data.Options ?? {};
  return /(^|,)r?bind(,|$)/.test(o) && device.startsWith('/') ? device : null;
}
