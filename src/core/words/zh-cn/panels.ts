/** The page's panels and views. */
export const panels = {} as const;
