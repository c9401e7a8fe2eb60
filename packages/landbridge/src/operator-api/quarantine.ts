import { EJSON } from 'bson'
import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { mappingOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { decodeBson } from '../mapping/bson.ts'
import { MappingError } from '../mapping/mapping-error.ts'
import type { Mapping } from '../mapping/types.ts'
import { writeAudit } from '../observe/audit.ts'
import { type ExportedCollection, exportQuarantine } from '../quarantine/export.ts'
import { groupQuarantine, type QuarantineGroup } from '../quarantine/groups.ts'
import { idFromText, idText } from '../quarantine/id-text.ts'
import {
  acceptQuarantined,
  listQuarantine,
  type QuarantinedDocument,
  readQuarantinedRaw,
} from '../quarantine/quarantine.ts'
import { type ReleaseOutcome, releaseFromQuarantine } from '../quarantine/release.ts'
import { type Retried, retryQuarantined } from '../quarantine/retry.ts'
import { idToBytes } from '../source/id-key.ts'
import { actor, type OnProgress, parseInput, reason } from './input.ts'

/** Which documents: all of them, or those of a unit, a collection or a signature. */
const chosen = z.object({
  unit: z.string().optional(),
  collection: z.string().optional(),
  signature: z.string().optional(),
  unresolvedOnly: z.boolean().default(false),
})

const listInput = chosen.extend({ limit: z.number().int().min(1).max(100_000).default(1_000) })

export type QuarantineItem = Omit<QuarantinedDocument, 'legacyId' | 'rawId'> & { id: string }

/** What stands in quarantine and why, without the documents themselves. */
export async function listQuarantined(
  engine: Engine,
  input: z.input<typeof listInput> = {},
): Promise<QuarantineItem[]> {
  const documents = await listQuarantine(engine.pool, parseInput(listInput, input))
  return documents.map(({ legacyId: _, rawId, ...item }) => ({ ...item, id: idText(rawId) }))
}

/** What stands in quarantine by signature: documents that wait for one and the same reason. */
export async function groupQuarantined(
  engine: Engine,
  input: z.input<typeof chosen> = {},
): Promise<QuarantineGroup[]> {
  return groupQuarantine(engine.pool, parseInput(chosen, input))
}

const documentInput = z.object({ collection: z.string(), id: z.string() })

export interface ShownDocument {
  collection: string
  id: string
  /** Canonical EJSON; null for bytes that cannot be read exactly. */
  document: unknown
  /** The bytes in base64, where they are all that there is to show. */
  raw?: string
}

/** One quarantined document, whole, as canonical EJSON, or as bytes where reading them would lose something. */
export async function showQuarantined(
  engine: Engine,
  input: z.input<typeof documentInput>,
): Promise<ShownDocument> {
  const { collection, id } = parseInput(documentInput, input)
  const raw = await readQuarantinedRaw(engine.pool, collection, idToBytes(idFromText(id)))
  if (raw === undefined) throw notThere(collection, id)
  try {
    return { collection, id, document: EJSON.serialize(decodeBson(raw), { relaxed: false }) }
  } catch (error) {
    if (!(error instanceof MappingError)) throw error
    return { collection, id, document: null, raw: raw.toString('base64') }
  }
}

const acceptInput = z.object({
  actor,
  reason,
  /** One document, or with `unit` or `signature` every unresolved one of those. */
  document: documentInput.optional(),
  unit: z.string().optional(),
  signature: z.string().optional(),
})

/** Accepts by name and reason that documents stay behind; their bytes are kept. */
export async function acceptDocuments(
  engine: Engine,
  input: z.input<typeof acceptInput>,
): Promise<{ accepted: number }> {
  const { actor: by, reason: why, document, unit, signature } = parseInput(acceptInput, input)
  if ((document === undefined) === (unit === undefined && signature === undefined)) {
    throw new LandbridgeError(errorCodes.usage, 'name either one document, or a unit or a signature')
  }
  const documents =
    document !== undefined
      ? [{ collection: document.collection, legacyId: idToBytes(idFromText(document.id)) }]
      : await listQuarantine(engine.pool, { unit, signature, unresolvedOnly: true, limit: 100_000 })
  for (const { collection, legacyId } of documents) {
    await acceptQuarantined(engine.pool, { collection, legacyId }, { by, reason: why })
  }
  await writeAudit(engine.pool, {
    actor: by,
    action: 'accept-quarantined',
    unit: unit ?? mappingOf(engine, document?.collection ?? '')?.unit,
    detail: { reason: why, accepted: documents.length, document, signature },
  })
  return { accepted: documents.length }
}

const releaseInput = documentInput.extend({ actor })

/**
 * Tries a quarantined document again, as MongoDB holds it now. In phase `postgres` it is brought into Postgres as the
 * application would have written it, unless Postgres has rows of it already.
 */
export async function releaseDocument(
  engine: Engine,
  input: z.input<typeof releaseInput>,
): Promise<ReleaseOutcome> {
  const { actor: by, collection, id } = parseInput(releaseInput, input)
  const mapping = requireMapping(engine, collection)
  const rawId = idFromText(id)
  if ((await readQuarantinedRaw(engine.pool, collection, idToBytes(rawId))) === undefined) {
    throw notThere(collection, id)
  }
  const released = await releaseFromQuarantine(engine, mapping, rawId)
  await writeAudit(engine.pool, {
    actor: by,
    action: 'release-quarantined',
    unit: mapping.unit,
    detail: { collection, id, outcome: released.outcome },
  })
  return released
}

const retryInput = chosen.extend({
  actor,
  unresolvedOnly: z.boolean().default(true),
  dryRun: z.boolean().default(false),
})

export interface RetryReport {
  dryRun: boolean
  tried: number
  counts: Partial<Record<Retried['outcome'], number>>
  documents: Retried[]
  /** What still waits of what was chosen, by signature. */
  waiting: QuarantineGroup[]
}

/** Tries again what is chosen, after its mapping was mended, and says what became of each. Accepted ones are left alone. */
export async function retryDocuments(
  engine: Engine,
  input: z.input<typeof retryInput>,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<RetryReport> {
  const { actor: by, dryRun, ...filter } = parseInput(retryInput, input)
  const groups = await groupQuarantine(engine.pool, filter)
  if (filter.signature !== undefined && groups.length === 0) throw noSignature(filter.signature)
  const total = groups.reduce((sum, group) => sum + group.count, 0)
  const documents = await retryQuarantined(engine, filter, {
    dryRun,
    signal,
    onProgress: (tried) => onProgress?.('quarantine', tried, total),
  })
  const counts: RetryReport['counts'] = {}
  for (const { outcome } of documents) counts[outcome] = (counts[outcome] ?? 0) + 1
  if (!dryRun) {
    await writeAudit(engine.pool, {
      actor: by,
      action: 'retry-quarantined',
      unit: filter.unit,
      detail: { ...filter, tried: documents.length, counts },
    })
  }
  // A document that is refused for another reason than before has left its signature.
  const waiting = await groupQuarantine(engine.pool, { ...filter, signature: undefined })
  return { dryRun, tried: documents.length, counts, documents, waiting }
}

const exportInput = chosen.extend({ actor, folder: z.string().min(1) })

/** Writes documents and reasons into a folder, from where `mongorestore` reads them. */
export async function exportDocuments(
  engine: Engine,
  input: z.input<typeof exportInput>,
  signal?: AbortSignal,
): Promise<{ folder: string; documents: number; collections: ExportedCollection[] }> {
  const { actor: by, folder, ...filter } = parseInput(exportInput, input)
  const collections = await exportQuarantine(engine.pool, folder, filter, signal)
  const documents = collections.reduce((sum, each) => sum + each.documents, 0)
  await writeAudit(engine.pool, {
    actor: by,
    action: 'export-quarantined',
    unit: filter.unit,
    detail: { ...filter, documents },
  })
  return { folder, documents, collections }
}

function requireMapping(engine: Engine, collection: string): Mapping {
  const mapping = mappingOf(engine, collection)
  if (mapping !== undefined) return mapping
  throw new LandbridgeError(errorCodes.unknownName, `no unit has a collection "${collection}"`)
}

function notThere(collection: string, id: string): LandbridgeError {
  return new LandbridgeError(
    errorCodes.unknownName,
    `${collection} ${id} does not stand in quarantine; see \`landbridge quarantine list\``,
  )
}

function noSignature(signature: string): LandbridgeError {
  return new LandbridgeError(
    errorCodes.unknownName,
    `nothing unresolved waits under the signature "${signature}"; see \`landbridge quarantine list\``,
  )
}
