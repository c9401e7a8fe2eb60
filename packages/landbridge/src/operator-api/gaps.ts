import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { type LargeDocument, largeDocuments } from '../mirror/document-size.ts'
import { dueGaps } from '../mirror/gaps.ts'
import { parseInput, unitName } from './input.ts'

const gapsInput = z.object({
  unit: unitName.optional(),
  limit: z.number().int().min(1).max(10_000).default(100),
})

export interface OpenGap {
  unit: string
  collection: string
  id: string
  code: string
  attempts: number
  since: Date
}

/** Entities whose mirror to Postgres is not confirmed, the next to be tried first. */
export async function gaps(engine: Engine, input: z.input<typeof gapsInput> = {}): Promise<OpenGap[]> {
  const { unit, limit } = parseInput(gapsInput, input)
  if (unit !== undefined) unitOf(engine, unit)
  const open = await dueGaps(engine.pool, { unit, limit, dueOnly: false })
  return open.map((gap) => ({
    unit: gap.unit,
    collection: gap.collection,
    id: String(gap.rawId),
    code: gap.code,
    attempts: gap.attempts,
    since: gap.firstAt,
  }))
}

/** Documents near or past the 16 MB that MongoDB takes: past it, they cannot go back. */
export async function nearTheLimit(
  engine: Engine,
  input: Pick<z.input<typeof gapsInput>, 'unit'> = {},
): Promise<LargeDocument[]> {
  const { unit } = parseInput(gapsInput, input)
  if (unit !== undefined) unitOf(engine, unit)
  return largeDocuments(engine.pool, unit)
}
