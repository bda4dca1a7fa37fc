/** What the inspector, the engines' connections and the hosts report. */
export const inspector = {} as const;
