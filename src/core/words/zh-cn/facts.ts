/** Facts of the kernel and the engine: details, address translation, filters, wiring, services. */
export const facts = {} as const;
