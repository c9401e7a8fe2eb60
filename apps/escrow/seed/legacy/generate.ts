import type { Document } from 'bson'
import { dirtied, type LegacyDocument } from './apply-dirt.ts'
import { type CollectionPlan, collectionPlans } from './collections.ts'
import { type Sizes, sizesFor, type World } from './world/world.ts'

export type { LegacyDocument } from './apply-dirt.ts'

export interface GenerateOptions {
  /** About how many documents in all. */
  documents: number
  seed: number
  /** The present of the marketplace; the same one gives the same documents. */
  now?: Date
  /** One chat near MongoDB's limit of 16 MB. */
  largeChats?: boolean
  /** So many times the dirt, for tests that want much of it in few documents. */
  dirtTimes?: number
  /** Only these collections. */
  collections?: readonly string[]
  /** For tests that need much of one thing. */
  sizes?: Partial<Sizes>
}

/** A present for who wants the same documents every day. */
export const fixedNow = new Date(Date.UTC(2026, 5, 1))

export interface LegacyStream {
  collection: string
  /** Made while they are taken; every call begins anew and gives the same. */
  documents(): Generator<LegacyDocument>
}

/**
 * A legacy database of about so many documents, from a seed: the stories of one marketplace over two years, told
 * consistently in every collection, and then as messy as the table of dirt says. Nothing is held in memory.
 */
export function legacyStreams(options: GenerateOptions): LegacyStream[] {
  const world: World = {
    seed: options.seed,
    now: (options.now ?? fixedNow).getTime(),
    sizes: { ...sizesFor(options.documents), ...options.sizes },
    dirtTimes: options.dirtTimes ?? 1,
    largeChats: options.largeChats ?? false,
  }
  return collectionPlans
    .filter(({ collection }) => options.collections?.includes(collection) ?? true)
    .map((plan) => ({ collection: plan.collection, documents: () => documentsOf(world, plan) }))
}

function* documentsOf(world: World, plan: CollectionPlan): Generator<LegacyDocument> {
  for (const document of plan.fixed?.() ?? []) yield { document, kinds: [] }
  yield* dirtied(world, plan.collection, plan.clean(world), plan.unique)
}

export interface LegacyCollection {
  collection: string
  documents: Document[]
}

/** The same, all at once: for tests with few documents. */
export function generateLegacyData(total: number, seed: number, now?: Date): LegacyCollection[] {
  return legacyStreams({ documents: total, seed, now }).map(({ collection, documents }) => ({
    collection,
    documents: [...documents()].map(({ document }) => document),
  }))
}
