import { readTakenIndexes } from '../backfill/bulk/taken-index.ts'
import { drainToMarker } from '../capture/caught-up.ts'
import type { Engine } from '../engine.ts'
import { errorCodes, LandbridgeError } from '../errors.ts'
import { compareCounts, countEntities } from '../fence/count-entities.ts'
import { evidenceSince, type GateContext, type Measurement } from './gate.ts'
import { countOrphans } from './orphans.ts'

/** Codes of documents for which the mapping itself says why: anything else is a defect that nobody has explained. */
const explained = [
  'unmapped',
  'enum',
  'check',
  'length',
  'unique',
  'range',
  'precision',
  'type',
  'nul',
  'surrogate',
  'required',
  'id',
  'orphan',
  'invalid-utf8',
  'unstorable',
  'left',
]

/** How long the change stream may take to bring what was written before a count. */
const DRAIN_MS = 10_000

/** Gate 3: backfill complete, counts equal, nothing unexplained in quarantine, every dangling reference has a policy. */
export async function copied(context: GateContext): Promise<Measurement> {
  const { engine, unit } = context
  const chunks = await countChunks(context)
  const unequal = await countsThatStayUnequal(context)
  const unexplained = await countUnexplained(context)
  const orphans = await countOrphans(engine, unit)
  const unanswered = orphans.filter((each) => each.rows > 0 && each.policy !== 'keep')
  const unbuilt = (await readTakenIndexes(engine.pool, { unit: unit.name })).length
  const missing = unit.mappings.length - chunks.collections
  const trouble = [
    missing > 0 ? `${missing} collections not begun` : '',
    chunks.open > 0 ? `${chunks.open} chunks open` : '',
    unbuilt > 0 ? `${unbuilt} indexes not built yet` : '',
    ...unequal.map(
      (count) => `${count.collection}: ${count.mongo} in MongoDB, ${count.postgres} in Postgres`,
    ),
    unexplained > 0 ? `${unexplained} unexplained in quarantine` : '',
    ...unanswered.map((each) => `${each.rows} dangling in ${each.table}.${each.column}`),
  ].filter((text) => text !== '')
  return {
    met: trouble.length === 0 && chunks.done > 0,
    value:
      trouble.length === 0 ? `${chunks.documents} documents in ${chunks.done} chunks` : trouble.join('; '),
    threshold:
      'complete, indexes built, counts equal, none unexplained, every dangling reference answered by a policy',
    sample: chunks.done,
    remedy: `landbridge backfill ${unit.name}; landbridge quarantine list --unit ${unit.name}`,
    detail: { orphans: orphans.filter((each) => each.rows > 0) },
  }
}

async function countChunks({ engine, unit, row }: GateContext) {
  const { rows } = await engine.pool.query(
    `select count(*) filter (where status = 'done')::int as done, count(*) filter (where status not in ('done', 'split'))::int as open,
       count(distinct collection)::int as collections, coalesce(sum(documents), 0)::int as documents
     from landbridge.chunk where unit = $1 and epoch >= $2`,
    [unit.name, evidenceSince(row, 'mirror') ?? 0n],
  )
  const counted = rows[0]
  return {
    done: Number(counted?.done),
    open: Number(counted?.open),
    collections: Number(counted?.collections),
    documents: Number(counted?.documents),
  }
}

/**
 * Under live writes two counts are never of one moment. So Postgres is counted between two looks at MongoDB, after
 * everything up to the first has been mirrored: its count must lie between theirs. Only what lies outside in every
 * look counts.
 */
async function countsThatStayUnequal({ engine, unit }: GateContext) {
  let unequal = await compareCounts(engine, unit)
  for (let look = 0; look < 5 && unequal.length > 0; look++) {
    const before = await countEntities(engine, unit)
    if (!(await caughtUp(engine, unit.name))) return unequal
    const between = await countEntities(engine, unit)
    const after = await countEntities(engine, unit)
    unequal = unequal.flatMap(({ collection }) => {
      const [mongo, until] = [before.get(collection)?.mongo, after.get(collection)?.mongo]
      const postgres = between.get(collection)?.postgres
      if (mongo === undefined || until === undefined || postgres === undefined) return []
      const within = Math.min(mongo, until) <= postgres && postgres <= Math.max(mongo, until)
      return within ? [] : [{ collection, mongo: until, postgres }]
    })
  }
  return unequal
}

/** A stream that is behind is the reason for unequal counts, and not an error of this gate. */
async function caughtUp(engine: Engine, unit: string): Promise<boolean> {
  try {
    await drainToMarker(engine, { purpose: `counts of ${unit}`, timeoutMs: DRAIN_MS })
    return true
  } catch (error) {
    if (error instanceof LandbridgeError && error.code === errorCodes.captureBehind) return false
    throw error
  }
}

async function countUnexplained({ engine, unit }: GateContext): Promise<number> {
  const { rows } = await engine.pool.query(
    `select count(*)::int as n from landbridge.quarantine
     where unit = $1 and accepted_by is null and not (code = any($2))`,
    [unit.name, explained],
  )
  return Number(rows[0]?.n)
}
