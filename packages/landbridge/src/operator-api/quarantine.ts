import { EJSON, ObjectId } from 'bson'
import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { mappingOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { decodeBson } from '../mapping/bson.ts'
import type { Mapping } from '../mapping/types.ts'
import { mirrorToPostgres } from '../mirror/to-postgres.ts'
import { writeAudit } from '../observe/audit.ts'
import { directionOf } from '../phase.ts'
import {
  acceptQuarantined,
  listQuarantine,
  type QuarantinedDocument,
  readQuarantinedRaw,
} from '../quarantine/quarantine.ts'
import { idToBytes } from '../source/id-key.ts'
import { actor, parseInput, reason } from './input.ts'

const listInput = z.object({
  unit: z.string().optional(),
  collection: z.string().optional(),
  unresolvedOnly: z.boolean().default(false),
  limit: z.number().int().min(1).max(100_000).default(1_000),
})

export type QuarantineItem = Omit<QuarantinedDocument, 'legacyId' | 'rawId'> & { id: string }

/** What stands in quarantine and why, without the documents themselves. */
export async function listQuarantined(
  engine: Engine,
  input: z.input<typeof listInput> = {},
): Promise<QuarantineItem[]> {
  const documents = await listQuarantine(engine.pool, parseInput(listInput, input))
  return documents.map(({ legacyId: _, rawId, ...item }) => ({ ...item, id: String(rawId) }))
}

const documentInput = z.object({ collection: z.string(), id: z.string() })

/** One quarantined document, whole, as canonical EJSON. */
export async function showQuarantined(
  engine: Engine,
  input: z.input<typeof documentInput>,
): Promise<{ collection: string; id: string; document: unknown }> {
  const { collection, id } = parseInput(documentInput, input)
  const raw = await readQuarantinedRaw(engine.pool, collection, idToBytes(parseId(id)))
  if (raw === undefined) throw notThere(collection, id)
  return { collection, id, document: EJSON.serialize(decodeBson(raw), { relaxed: false }) }
}

const acceptInput = z.object({
  actor,
  reason,
  /** One document, or with `unit` every unresolved one of that unit. */
  document: documentInput.optional(),
  unit: z.string().optional(),
})

/** Accepts by name and reason that documents stay behind; their bytes are kept. */
export async function acceptDocuments(
  engine: Engine,
  input: z.input<typeof acceptInput>,
): Promise<{ accepted: number }> {
  const { actor: by, reason: why, document, unit } = parseInput(acceptInput, input)
  if ((document === undefined) === (unit === undefined)) {
    throw new LandbridgeError(errorCodes.usage, 'name either one document or a unit')
  }
  const chosen =
    document !== undefined
      ? [{ collection: document.collection, legacyId: idToBytes(parseId(document.id)) }]
      : await listQuarantine(engine.pool, { unit, unresolvedOnly: true, limit: 100_000 })
  for (const { collection, legacyId } of chosen) {
    await acceptQuarantined(engine.pool, { collection, legacyId }, { by, reason: why })
  }
  await writeAudit(engine.pool, {
    actor: by,
    action: 'accept-quarantined',
    unit: unit ?? mappingOf(engine, document?.collection ?? '')?.unit,
    detail: { reason: why, accepted: chosen.length, document },
  })
  return { accepted: chosen.length }
}

const releaseInput = documentInput.extend({ actor })

/** Tries a quarantined document again from MongoDB; if it maps now it leaves the quarantine. */
export async function releaseDocument(
  engine: Engine,
  input: z.input<typeof releaseInput>,
): Promise<{ outcome: string }> {
  const { actor: by, collection, id } = parseInput(releaseInput, input)
  const mapping = requireMapping(engine, collection)
  const rawId = parseId(id)
  if ((await readQuarantinedRaw(engine.pool, collection, idToBytes(rawId))) === undefined) {
    throw notThere(collection, id)
  }
  const { phase } = await readUnitRow(engine.pool, mapping.unit)
  if (directionOf(phase) !== 'to-postgres') {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      `${mapping.unit} is in ${phase}: what only MongoDB holds cannot be copied over the authority; accept the document, or roll the unit back first`,
    )
  }
  const [result] = await mirrorToPostgres(engine, mapping, [rawId], { reason: 'repair' })
  const outcome = result?.outcome ?? 'gap'
  await writeAudit(engine.pool, {
    actor: by,
    action: 'release-quarantined',
    unit: mapping.unit,
    detail: { collection, id, outcome },
  })
  return { outcome }
}

function requireMapping(engine: Engine, collection: string): Mapping {
  const mapping = mappingOf(engine, collection)
  if (mapping !== undefined) return mapping
  throw new LandbridgeError(errorCodes.unknownName, `no unit has a collection "${collection}"`)
}

/** 24 hex digits are an ObjectId; what begins as JSON is EJSON (`{"$numberInt":"7"}`); all else is text. */
function parseId(id: string): unknown {
  if (/^[0-9a-f]{24}$/i.test(id)) return new ObjectId(id)
  if (!/^[{["]|^-?\d+$/.test(id)) return id
  try {
    return EJSON.parse(id, { relaxed: false })
  } catch (cause) {
    throw new LandbridgeError(errorCodes.usage, `"${id}" is not EJSON`, { cause })
  }
}

function notThere(collection: string, id: string): LandbridgeError {
  return new LandbridgeError(
    errorCodes.unknownName,
    `${collection} ${id} does not stand in quarantine; see \`landbridge quarantine list\``,
  )
}
