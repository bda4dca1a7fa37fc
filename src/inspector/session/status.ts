import type { SessionStatus } from '#api/contract.ts';
import type { Said } from '../told.ts';

export type Notice = SessionStatus['notices'][number];

/** A status as it is kept: what is told with it is said when somebody is told. */
export interface Status {
  readonly phase: SessionStatus['phase'];
  readonly message: Said;
  readonly since: string;
  readonly retryAt: string | null;
  readonly notices: () => Notice[];
}

export const said = ({ message, notices, ...rest }: Status): SessionStatus => ({
  ...rest,
  message: message(),
  notices: notices(),
});
