export type ElectronState =
  | { readonly state: 'ready'; readonly program: string; readonly version: string | null }
  | {
      readonly state: 'override-missing' | 'not-installed' | 'not-fetched' | 'incomplete' | 'outdated';
      readonly reason: string;
      readonly version: string | null;
    };
export function electronState(root: string, env: Readonly<Record<string, string | undefined>>): ElectronState;
