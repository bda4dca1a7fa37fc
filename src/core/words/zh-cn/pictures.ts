/** What pictures, tables and exports say. */
export const pictures = {} as const;
