import { z } from 'zod'
import { type BackfillOptions, type BackfillReport, backfill as copyUnit } from '../backfill/backfill.ts'
import { backfillFromDump } from '../backfill/dump/backfill-from-dump.ts'
import type { Engine } from '../engine.ts'
import { unitOf } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { readUnitRow } from '../fence/unit-row.ts'
import { writeAudit } from '../observe/audit.ts'
import { directionOf } from '../phase.ts'
import { maxWorkers } from '../throttle/throttle-settings.ts'
import { actor, parseInput, unitName } from './input.ts'

const backfillInput = z.object({
  unit: unitName,
  actor,
  collections: z.array(z.string()).optional(),
  restart: z.boolean().default(false),
  /** A folder of `mongodump --oplog` to copy from; the live collections unless told. */
  fromDump: z.string().min(1).optional(),
  compare: z.enum(['inline', 'later']).default('inline'),
  bulk: z.boolean().default(true),
  /** Workers on this machine, this process included; more than one needs `startWorker`. */
  workers: z.number().int().min(1).max(maxWorkers).optional(),
})

/** Copies a unit's collections into Postgres; goes on where an earlier call stopped. */
export async function backfill(
  engine: Engine,
  input: z.input<typeof backfillInput>,
  options: Pick<BackfillOptions, 'onProgress' | 'signal' | 'startWorker'> = {},
): Promise<BackfillReport> {
  const {
    unit,
    actor: by,
    collections,
    restart,
    workers,
    compare,
    bulk,
    fromDump,
  } = parseInput(backfillInput, input)
  unitOf(engine, unit)
  const { phase } = await readUnitRow(engine.pool, unit)
  if (directionOf(phase) !== 'to-postgres') {
    throw new LandbridgeError(
      errorCodes.stepNotAllowed,
      phase === 'mongo'
        ? `${unit} is not mirrored yet, so writes during the copy would be missed; do \`landbridge advance ${unit}\` first`
        : `${unit} is in ${phase}: Postgres is its authority and nothing is copied over it`,
    )
  }
  await writeAudit(engine.pool, {
    actor: by,
    action: 'backfill',
    unit,
    detail: { restart, collections, workers, compare, bulk, fromDump },
  })
  const copying = { ...options, collections, restart, workers, compare, bulk }
  const folder = { path: fromDump ?? '', database: engine.database.databaseName }
  const report =
    fromDump === undefined
      ? await copyUnit(engine, unit, copying)
      : await backfillFromDump(engine, unit, folder, copying)
  await writeAudit(engine.pool, {
    actor: by,
    action: 'backfilled',
    unit,
    detail: {
      complete: report.complete,
      documents: report.collections.reduce((sum, each) => sum + each.documents, 0),
      quarantined: report.collections.reduce((sum, each) => sum + each.quarantined, 0),
    },
  })
  return report
}
