import { type Said, ToldError } from './told.ts';

/** Fails a request with a code of the contract. */
export function failure(code: string, text: string | Said): Error {
  return Object.assign(new ToldError(text), { code });
}
