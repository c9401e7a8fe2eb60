import type { Engine } from '../engine.ts'
import type { CollectionOptions } from './validator.ts'

/**
 * While Postgres is the authority a raw delete in MongoDB would destroy what only MongoDB holds, because its event
 * carries no document; with pre-images it does (O4).
 */
export async function setPreImages(
  engine: Engine,
  collections: readonly CollectionOptions[],
  enabled: boolean,
  maxTimeMS: number,
): Promise<void> {
  await Promise.all(
    collections
      .filter((collection) => collection.preImages !== enabled)
      .map((collection) =>
        engine.database.command({
          collMod: collection.name,
          changeStreamPreAndPostImages: { enabled },
          writeConcern: { w: 'majority' },
          maxTimeMS,
        }),
      ),
  )
}

/** The collections whose pre-images the engine has switched on, and must switch off again. */
export async function preImagesOfOurs(engine: Engine, unit: string): Promise<Set<string>> {
  const { rows } = await engine.pool.query(
    'select collection from landbridge.collection_before where unit = $1 and not pre_images',
    [unit],
  )
  return new Set(rows.map((row) => row.collection))
}
