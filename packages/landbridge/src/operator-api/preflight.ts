import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { recordSchema, schemaHashOf } from '../gates/schema-frozen.ts'
import type { Mapping } from '../mapping/types.ts'
import { type MirrorTarget, targetsOf } from '../mirror/mirror-target.ts'
import { mapRaw } from '../mirror/source-state.ts'
import { writeAudit } from '../observe/audit.ts'
import { idKey, idToBytes } from '../source/id-key.ts'
import { readMatching, type SourceDocument } from '../source/read-documents.ts'
import { actor, type OnProgress, parseInput, unitName } from './input.ts'

const preflightInput = z.object({ unit: unitName, actor })

/** One kind of value that its column will not take as it is. */
export interface Finding {
  collection: string
  /** `extra`: the row lands, the value is kept beside it. `quarantine`: the document waits, whole. */
  outcome: 'extra' | 'quarantine'
  path: string
  code: string
  valueType: string
  count: number
  /** `_id` of the first one. */
  example: string
}

export interface Preflight {
  unit: string
  schema: string
  documents: number
  findings: Finding[]
}

const batch = 500

/**
 * Maps every document of the unit without writing anything and says, before anything moves, which values will be kept
 * in `extra` and which documents will stand in quarantine. Freezes the schema for the step into `mirror` (gate 1).
 */
export async function preflight(
  engine: Engine,
  input: z.input<typeof preflightInput>,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<Preflight> {
  const { unit: name, actor: by } = parseInput(preflightInput, input)
  const unit = unitOf(engine, name)
  const findings = new Map<string, Finding>()
  let documents = 0
  for (const mapping of unit.mappings) {
    const total = await engine.database.collection(mapping.collection).estimatedDocumentCount()
    let done = 0
    for await (const some of inBatches(readMatching(engine, mapping.collection, {}, {}))) {
      signal?.throwIfAborted()
      await judge(engine, mapping, some, findings)
      done += some.length
      onProgress?.(mapping.collection, done, total)
    }
    documents += done
  }
  await recordSchema(engine, unit, 'preflight')
  const result: Preflight = {
    unit: name,
    schema: schemaHashOf(unit),
    documents,
    findings: [...findings.values()].sort((left, right) => right.count - left.count),
  }
  await writeAudit(engine.pool, { actor: by, action: 'preflight', unit: name, detail: { ...result } })
  return result
}

async function judge(
  engine: Engine,
  mapping: Mapping,
  documents: readonly SourceDocument[],
  findings: Map<string, Finding>,
): Promise<void> {
  const targets = await preflightTargets(engine, mapping, documents)
  for (const [at, document] of documents.entries()) {
    const target = targets[at]
    if (target === undefined) continue
    const state = mapRaw(mapping, target, document.raw)
    if (state.kind === 'refused') {
      add(findings, mapping, document, { ...state.refusal, outcome: 'quarantine' })
    } else if (state.kind === 'mapped') {
      const outcome = mapping.mapDocument(state.document, { id: target.entity })
      for (const kept of outcome.kind === 'mapped' ? outcome.kept : []) {
        add(findings, mapping, document, { ...kept, code: kept.reason, outcome: 'extra' })
      }
    }
  }
}

/** Where an id has no uuid of its own yet any will do, because nothing is written: the id map stays as it is. */
async function preflightTargets(
  engine: Engine,
  mapping: Mapping,
  documents: readonly SourceDocument[],
): Promise<MirrorTarget[]> {
  const rawIds = documents.map((document) => document.id)
  if (mapping.identity === 'object-id') return targetsOf(engine, mapping, rawIds)
  return rawIds.map((rawId) => ({
    rawId,
    key: idKey(rawId),
    legacyId: idToBytes(rawId),
    entity: randomUUID(),
  }))
}

function add(
  findings: Map<string, Finding>,
  mapping: Mapping,
  document: SourceDocument,
  found: { outcome: Finding['outcome']; path: string; code: string; valueType: string },
): void {
  // Elements of an array are one finding, whatever their place.
  const path = found.path.replace(/\.\d+(?=\.|$)/g, '.*')
  const key = JSON.stringify([mapping.collection, found.outcome, path, found.code, found.valueType])
  const known = findings.get(key)
  if (known !== undefined) {
    known.count++
    return
  }
  const { outcome, code, valueType } = found
  findings.set(key, {
    collection: mapping.collection,
    outcome,
    path,
    code,
    valueType,
    count: 1,
    example: String(document.id),
  })
}

async function* inBatches(documents: AsyncIterable<SourceDocument>): AsyncGenerator<SourceDocument[]> {
  let some: SourceDocument[] = []
  for await (const document of documents) {
    some.push(document)
    if (some.length === batch) {
      yield some
      some = []
    }
  }
  if (some.length > 0) yield some
}
