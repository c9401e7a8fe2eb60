import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { EJSON } from 'bson'
import { z } from 'zod'
import { unreadableDump } from './dump-error.ts'
import { type DumpFolder, metadataFile } from './dump-folder.ts'

const indexSchema = z.looseObject({
  name: z.string(),
  /** Fields in their order; 1, -1 or the name of a special index ("text", "2dsphere", "hashed"). */
  key: z.record(z.string(), z.union([z.number(), z.string()])),
  unique: z.boolean().optional(),
  sparse: z.boolean().optional(),
  partialFilterExpression: z.record(z.string(), z.unknown()).optional(),
  expireAfterSeconds: z.number().optional(),
  collation: z.record(z.string(), z.unknown()).optional(),
})

const metadataSchema = z.object({
  indexes: z.array(indexSchema).default([]),
  /** 32 hex digits: which collection of that name it was. Old versions of mongodump do not write it. */
  uuid: z
    .string()
    .regex(/^[0-9a-f]{32}$/i)
    .optional(),
  collectionName: z.string().optional(),
  type: z.string().default('collection'),
  /** As given to `create`: validator, capped, collation and so on. */
  options: z.record(z.string(), z.unknown()).default({}),
})

/** An index of a collection as the dump describes it. */
export type DumpIndex = z.infer<typeof indexSchema>

/** What `mongodump` writes about a collection beside its documents. */
export type DumpMetadata = z.infer<typeof metadataSchema>

/** Reads `<collection>.metadata.json`. Throws LB_DUMP_UNREADABLE. */
export async function readDumpMetadata(folder: DumpFolder, collection: string): Promise<DumpMetadata> {
  const file = await metadataFile(folder, collection)
  try {
    const bytes = await readFile(file.path)
    const text = (file.isGzip ? await promisify(gunzip)(bytes) : bytes).toString('utf8')
    // Extended JSON: an index's 1 is {"$numberInt": "1"} in most versions.
    return metadataSchema.parse(EJSON.parse(text, { relaxed: true }))
  } catch (cause) {
    throw unreadableDump(file.path, 'is no metadata of a collection', cause)
  }
}
