import { backfill } from '../packages/landbridge/src/backfill/backfill.ts'
import type { OpenEngine } from '../packages/landbridge/src/open-engine.ts'

/** Copies a unit, or one collection of it, at full speed; throws unless all of it was copied. */
export async function wholeBackfill(engine: OpenEngine, unit: string, collection?: string): Promise<void> {
  const report = await backfill(engine, unit, {
    restart: true,
    ...(collection !== undefined && { collections: [collection] }),
    throttle: async () => null,
  })
  const failed = report.collections.find(({ error }) => error !== undefined)
  if (!report.complete) {
    throw new Error(`The backfill of ${failed?.collection ?? unit} stopped`, { cause: failed?.error })
  }
}
