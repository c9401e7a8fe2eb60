import { MongoClient } from 'mongodb'
import { type FilledDatabase, fillLegacyDatabase } from '../../../seed/legacy/fill.ts'
import type { RehearsalOptions } from './options.ts'
import type { Progress } from './progress.ts'
import type { RehearsalStores } from './stores.ts'

/** Fills MongoDB with the legacy data of a rehearsal. */
export async function fillWithLegacyData(
  stores: RehearsalStores,
  options: RehearsalOptions,
  progress: Progress,
): Promise<FilledDatabase> {
  await using client = new MongoClient(stores.mongoUrl)
  const filled = await fillLegacyDatabase(client.db(stores.databaseName), {
    documents: options.documents,
    seed: options.seed,
    now: startOfToday(),
    onProgress: ({ collection, written }) => progress.now(`legacy data: ${collection} ${written}`),
  })
  const { collections } = filled
  const total = [...collections.values()].reduce((sum, { documents }) => sum + documents, 0)
  progress.done(`${total} legacy documents in ${collections.size} collections (seed ${options.seed})`)
  return filled
}

/** The stories end here: what MongoDB expires must not be old when it is written. */
function startOfToday(): Date {
  return new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00.000Z`)
}
