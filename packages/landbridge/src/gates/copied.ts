import { setTimeout as sleep } from 'node:timers/promises'
import { compareCounts } from '../fence/checksum.ts'
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

/** Gate 3: backfill complete, counts equal, nothing unexplained in quarantine, every dangling reference has a policy. */
export async function copied(context: GateContext): Promise<Measurement> {
  const { engine, unit } = context
  const chunks = await countChunks(context)
  const unequal = await countsThatStayUnequal(context)
  const unexplained = await countUnexplained(context)
  const orphans = await countOrphans(engine, unit)
  const unanswered = orphans.filter((each) => each.rows > 0 && each.policy !== 'keep')
  const missing = unit.mappings.length - chunks.collections
  const trouble = [
    missing > 0 ? `${missing} collections not begun` : '',
    chunks.open > 0 ? `${chunks.open} chunks open` : '',
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
    threshold: 'complete, counts equal, none unexplained, every dangling reference answered by a policy',
    sample: chunks.done,
    remedy: `landbridge backfill ${unit.name}; landbridge quarantine list --unit ${unit.name}`,
    detail: { orphans: orphans.filter((each) => each.rows > 0) },
  }
}

async function countChunks({ engine, unit, row }: GateContext) {
  const { rows } = await engine.pool.query(
    `select count(*) filter (where status = 'done')::int as done, count(*) filter (where status = 'pending')::int as open,
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

/** Under live writes two counts are never of one moment: only what stays unequal over several looks counts. */
async function countsThatStayUnequal({ engine, unit }: GateContext) {
  let unequal = await compareCounts(engine, unit)
  for (let look = 0; look < 5 && unequal.length > 0; look++) {
    await sleep(200)
    const again = await compareCounts(engine, unit)
    const names = new Set(again.map((count) => count.collection))
    unequal = unequal.filter((count) => names.has(count.collection))
  }
  return unequal
}

async function countUnexplained({ engine, unit }: GateContext): Promise<number> {
  const { rows } = await engine.pool.query(
    `select count(*)::int as n from landbridge.quarantine
     where unit = $1 and accepted_by is null and not (code = any($2))`,
    [unit.name, explained],
  )
  return Number(rows[0]?.n)
}
