import { expect, it } from 'vitest';
import * as z from 'zod';
import {
  checkSchema,
  diffSchema,
  findSchema,
  inspectSchema,
  isolationSchema,
  reachSchema,
  topSchema,
  whySchema,
} from './schemas.ts';

const SCHEMAS = {
  ...{ reach: reachSchema, find: findSchema, check: checkSchema, why: whySchema, top: topSchema },
  ...{ isolation: isolationSchema, diff: diffSchema, inspect: inspectSchema },
};

it.each(Object.entries(SCHEMAS))('the published schema of %s is the one that is used', async (name, schema) => {
  const published = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'output' });
  await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(`../../../docs/${name}.schema.json`);
});
