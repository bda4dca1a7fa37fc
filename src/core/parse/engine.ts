import * as z from 'zod';
import type { Engine } from '../snapshot/snapshot.ts';
import { orNull } from './empty.ts';

/** What Docker's and Podman's API say of the engine itself. Tolerant of missing fields, as for containers. */

const text = z.string().nullish();

const infoSchema = z.object({
  ID: text,
  Name: text,
  ServerVersion: text,
  OperatingSystem: text,
  OSType: text,
  KernelVersion: text,
  Architecture: text,
  CgroupVersion: text,
  CgroupDriver: text,
  Rootless: z.boolean().nullish(),
  SecurityOptions: z.array(z.string()).nullish(),
  Labels: z.array(z.string()).nullish(),
  BuildahVersion: text,
});

const versionSchema = z.object({
  Version: text,
  ApiVersion: text,
  KernelVersion: text,
  Arch: text,
  Platform: z.object({ Name: text }).nullish(),
  Components: z.array(z.object({ Name: text })).nullish(),
});

type Info = z.infer<typeof infoSchema>;
type Version = z.infer<typeof versionSchema>;

function kindOf(info: Info, version: Version): Engine['kind'] {
  const system = info.OperatingSystem ?? '';
  const name = info.Name ?? '';
  if (version.Components?.some((component) => component.Name === 'Podman Engine') || orNull(info.BuildahVersion)) {
    return 'podman';
  }
  // The engine appends " (containerized)" to the system's name at times.
  if (system.startsWith('Docker Desktop') || version.Platform?.Name?.startsWith('Docker Desktop')) {
    return 'docker-desktop';
  }
  if (system.startsWith('OrbStack')) return 'orbstack';
  if (system.startsWith('Rancher Desktop') || name === 'lima-rancher-desktop') return 'rancher-desktop';
  if (name === 'colima' || name.startsWith('colima-')) return 'colima';
  if (name.startsWith('lima-')) return 'lima';
  return version.Version === undefined || version.Version === null ? 'unknown' : 'docker';
}

/** The engine from `GET /info` and `GET /version`; null when either does not fit or is the all-empty refusal. */
export function parseEngine(endpoint: string, infoValue: unknown, versionValue: unknown): Engine | null {
  const info = infoSchema.safeParse(infoValue);
  const version = versionSchema.safeParse(versionValue);
  if (!info.success || !version.success) return null;
  const serverVersion = orNull(version.data.Version) ?? orNull(info.data.ServerVersion);
  // Docker Desktop answers a too old API version with an /info of empty fields.
  if (serverVersion === null) return null;
  const securityOptions = info.data.SecurityOptions ?? [];
  const cgroup = info.data.CgroupVersion?.replace(/^v/, '');
  const kind = kindOf(info.data, version.data);
  return {
    endpoint,
    kind,
    // Podman makes a new one for every answer.
    id: kind === 'podman' ? null : orNull(info.data.ID),
    name: info.data.Name ?? '',
    version: serverVersion,
    apiVersion: version.data.ApiVersion ?? '',
    operatingSystem: info.data.OperatingSystem ?? '',
    kernel: info.data.KernelVersion ?? version.data.KernelVersion ?? '',
    arch: version.data.Arch ?? info.data.Architecture ?? '',
    cgroupVersion: cgroup === '1' || cgroup === '2' ? cgroup : null,
    cgroupDriver: orNull(info.data.CgroupDriver),
    rootless: info.data.Rootless === true || securityOptions.some((option) => option.startsWith('name=rootless')),
    securityOptions,
  };
}
