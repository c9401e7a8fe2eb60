import { setTimeout as sleep } from 'node:timers/promises'
import { countOrphans, unitOf } from 'landbridge'
import { acceptDocuments, listQuarantined, retire } from 'landbridge/operator-api'
import type { UnitName } from '../../units.ts'
import { checkMoney } from './check-money.ts'
import { type LostWrite, lostWrites } from './look-up.ts'
import { operator, type RehearsalContext } from './rehearsal-context.ts'
import type { QuarantinedGroup } from './report.ts'
import { tryAgain } from './try-again.ts'
import { reportOf, settle } from './walk-unit.ts'

/** What one unit's end adds to the report. */
export interface RetiredUnit {
  quarantined: number
  /** References to nothing that no declared policy answers, and those that the mapping says to keep. */
  orphans: number
  orphansKept: number
  lost: LostWrite[]
  quarantine: QuarantinedGroup[]
}

/**
 * Ends a unit's way: what stands in quarantine is accepted by name, both stores are compared once more, every
 * acknowledged write is looked up in both, and the unit retires.
 */
export async function retireUnit(context: RehearsalContext, unit: UnitName): Promise<RetiredUnit> {
  const { engine, progress } = context
  const quarantine = await acceptQuarantine(context, unit)
  await settle(context, unit)
  await checkMoney(context, unit, 'postgres')
  const lost = await lookUpUntilQuiet(context, unit, ['mongo', 'postgres'])
  progress.done(
    `${unit}: ${context.writes.of(unit).length} acknowledged values looked up in both stores, ${lost.length} lost`,
  )
  for (const write of lost.slice(0, 10)) {
    progress.done(
      `${unit}: LOST in ${write.store}: ${write.collection} ${write.id} ${write.path}: ${write.allowed.join(' or ')} became ${write.found}`,
    )
  }
  const orphans = await countOrphans(engine, unitOf(engine, unit))
  const result = await tryAgain(progress, unit, () =>
    retire(engine, { unit, actor: operator }, (text) => progress.now(`${unit}: ${text}`)),
  )
  const report = reportOf(context, unit)
  if (result.kind === 'retired') {
    for (const gate of result.gates) {
      report.gates.push({
        gate: gate.gate,
        state: gate.waived === null ? 'met' : 'waived',
        measured: `${gate.name}: ${gate.value}`,
      })
    }
    if (result.change?.pauseMs != null) report.pausesMs.push(result.change.pauseMs)
  }
  report.phase = 'retired'
  progress.done(`${unit}: retired`)
  const quarantined = quarantine.reduce((sum, group) => sum + group.count, 0)
  return {
    quarantined,
    orphans: rowsWhere(orphans, ({ policy }) => policy !== 'keep'),
    orphansKept: rowsWhere(orphans, ({ policy }) => policy === 'keep'),
    lost,
    quarantine,
  }
}

type Orphans = Awaited<ReturnType<typeof countOrphans>>

function rowsWhere(orphans: Orphans, holds: (orphan: Orphans[number]) => boolean): number {
  return orphans.filter(holds).reduce((sum, { rows }) => sum + rows, 0)
}

/** As an operator would: each kind of trouble is looked at, and accepted with a reason. */
async function acceptQuarantine(
  { engine, progress }: RehearsalContext,
  unit: UnitName,
): Promise<QuarantinedGroup[]> {
  const items = await listQuarantined(engine, { unit })
  if (items.length === 0) return []
  const reason = 'imported by hand or broken years ago, as the table of dirt says; nothing refers to them'
  await acceptDocuments(engine, { unit, actor: operator, reason })
  progress.done(`${unit}: ${items.length} documents in quarantine accepted by name: ${reason}`)
  const groups = Map.groupBy(
    items,
    (item) => `${item.collection}\0${item.path}\0${item.code}\0${item.reason}`,
  )
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { collection, path, code, reason: why } = first
    return [{ collection, path, code, reason: why, count: group.length }]
  })
}

const lookUps = 20

/**
 * Looks up what clients were told. Load goes on meanwhile, so a value may be newer than what was expected when the
 * look-up began, or its mirror may be on its way: what is missing is asked for again before it counts as lost.
 */
export async function lookUpUntilQuiet(
  { engine, writes }: RehearsalContext,
  unit: UnitName,
  stores: ('mongo' | 'postgres')[],
): Promise<LostWrite[]> {
  let lost: LostWrite[] = []
  for (let round = 0; round < lookUps; round += 1) {
    const keys = new Set(lost.map(keyOf))
    const wanted = writes.of(unit).filter((expectation) => round === 0 || keys.has(keyOf(expectation)))
    lost = (await Promise.all(stores.map((store) => lostWrites(engine, wanted, store)))).flat()
    if (lost.length === 0) return []
    await sleep(500)
  }
  return lost
}

const keyOf = (write: { collection: string; id: string; path: string }) =>
  `${write.collection}/${write.id}/${write.path}`
