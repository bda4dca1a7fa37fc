/** Whether one end reaches another, and why not. */
export const reach = {} as const;
