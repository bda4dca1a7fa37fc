import type { UsageGroup, UsageSet } from '../usage/groups.ts';
import type { CgroupUsage } from '../usage/schema.ts';

/** What one container or service uses. Null where the kernel does not say. */
export interface GroupUsage {
  readonly group: UsageGroup;
  readonly cpuPercent: number | null;
  /** Percent of the time in which it was held back by its processor limit. */
  readonly throttledPercent: number | null;
  readonly readPerSecond: number | null;
  readonly writtenPerSecond: number | null;
  /** Through the links of its network namespace, whoever shares it; null where it is the machine's own, or unknown. */
  readonly receivedPerSecond: number | null;
  readonly sentPerSecond: number | null;
  /** Resident bytes of its processes together, shared ones counted for each. */
  readonly resident: number;
  readonly threads: number;
  /** Its cgroup's numbers; null without a cgroup of its own. */
  readonly cgroup: CgroupUsage | null;
}

/** What one row of a list tells of: a container, a service, or the sum of a project or pod. */
export interface ListedUsage extends Omit<GroupUsage, 'group'> {
  readonly group: Omit<UsageGroup, 'kind'> & { readonly kind: UsageGroup['kind'] | UsageSet['kind'] };
}
