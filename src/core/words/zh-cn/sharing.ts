/** Who shares what, and for which reason. */
export const sharing = {} as const;
