import { z } from 'zod'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { reconcile as emptyGaps, type ReconcileReport } from '../reconcile/reconcile.ts'
import { parseInput, unitName } from './input.ts'

const reconcileInput = z.object({ unit: unitName.optional() })

/** Tries every open gap now, of one unit or of all. */
export async function reconcile(
  engine: Engine,
  input: z.input<typeof reconcileInput> = {},
  signal?: AbortSignal,
): Promise<ReconcileReport> {
  const { unit } = parseInput(reconcileInput, input)
  if (unit !== undefined) unitOf(engine, unit)
  return emptyGaps(engine, unit, { all: true, signal })
}
