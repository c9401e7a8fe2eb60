import { setTimeout as sleep } from 'node:timers/promises'
import { install, type OpenEngine, openEngine } from 'landbridge'
import { recordContract } from 'landbridge/operator-api'
import { actors } from '../../../seed/legacy/actors.ts'
import type { FilledDatabase } from '../../../seed/legacy/fill.ts'
import { seededRandom } from '../../../seed/legacy/random.ts'
import type { UnitName } from '../../units.ts'
import { configure } from '../landbridge.config.ts'
import { acknowledgedWrites } from './acknowledged-writes.ts'
import { rehearsalSecrets, startApplications } from './applications.ts'
import { runContractSuites } from './contract-suites.ts'
import { type CrossedDocuments, countLegacy, countMigrated } from './count-migrated.ts'
import { finishWithoutMongo } from './final-program.ts'
import { fillWithLegacyData } from './legacy-data.ts'
import { type LoadActor, loadClient } from './load/http-client.ts'
import { describeLoad, type LoadWorld, newLoadCounts } from './load/load-world.ts'
import { writePastTheApplication } from './load/past-the-application.ts'
import { runLoad } from './load/run-load.ts'
import type { LostWrite } from './look-up.ts'
import type { RehearsalOptions } from './options.ts'
import { planWaves } from './plan-waves.ts'
import { checkQuarantine, type QuarantineCheck } from './predicted-quarantine.ts'
import type { Progress } from './progress.ts'
import { operator, type RehearsalContext } from './rehearsal-context.ts'
import { clearRehearsalLogs, rehearsalLog } from './rehearsal-log.ts'
import type { RehearsalReport } from './report.ts'
import { lookUpUntilQuiet, type RetiredUnit, retireUnit } from './retire-unit.ts'
import { openStores, type RehearsalStores } from './stores.ts'
import { damageAndMend, killAndRestart, takePostgresAway } from './trouble.ts'
import { dwellMs, type WhileIn, walkWave } from './walk-unit.ts'

const processNames = ['north', 'south']

/**
 * How long those who write rest between two calls. Both servers, both processes and all clients share this machine, and
 * a machine that is never idle rehearses queues, not a move.
 */
const restMs = { players: 1_000, script: 250 }

/** The whole move, from an empty machine to the final program. */
export async function rehearse(options: RehearsalOptions, progress: Progress): Promise<RehearsalReport> {
  const started = performance.now()
  clearRehearsalLogs()
  const stores = await openStores({ ...options, onProgress: (text) => progress.done(text) })
  try {
    return await rehearseOn(stores, options, progress, started)
  } finally {
    await stores.stop()
  }
}

async function rehearseOn(
  stores: RehearsalStores,
  options: RehearsalOptions,
  progress: Progress,
  started: number,
): Promise<RehearsalReport> {
  const filled = await fillWithLegacyData(stores, options, progress)
  const engine = await openEngine({
    config: configure({ rehearsal: true, mongoIsStandIn: stores.mongo.kind === 'stand-in' }),
    postgresUrl: stores.postgresUrl,
    mongoUrl: stores.mongoUrl,
    databaseName: stores.databaseName,
    nodeName: 'rehearsal',
    log: rehearsalLog(),
  })
  try {
    return await rehearseWith(engine, stores, filled, options, progress, started)
  } finally {
    await engine.close()
  }
}

async function rehearseWith(
  engine: OpenEngine,
  stores: RehearsalStores,
  filled: FilledDatabase,
  options: RehearsalOptions,
  progress: Progress,
  started: number,
): Promise<RehearsalReport> {
  await install(engine)
  await measureContract(engine, stores, progress)
  const client = loadClient(rehearsalSecrets.jwt)
  const applications = await startApplications(stores, {
    names: processNames,
    onChange: (urls) => client.setProcesses(urls),
  })
  progress.done(`two processes serve: ${processNames.join(', ')}`)
  const writes = acknowledgedWrites()
  const load: LoadWorld = {
    client,
    writes,
    counts: newLoadCounts(),
    random: seededRandom(options.seed),
    ...people(),
    categoryId: await firstCategory(client),
    webhookSecretKey: rehearsalSecrets.webhooks,
    telegramBotToken: rehearsalSecrets.telegramBot,
    mailedCode: applications.mailedCode,
    stopped: false,
  }
  const context: RehearsalContext = {
    options,
    progress,
    stores,
    engine,
    applications,
    writes,
    load,
    waves: await planWaves(engine, options.units),
    units: new Map(),
    money: [],
    notes: [notesOfStores(stores)],
  }
  try {
    const crossing = await crossUnderLoad(context)
    const lostAtTheEnd = await lookUpAll(context)
    const source = countLegacy(engine, filled, context.waves.flat())
    const crossed = await countMigrated(engine, filled)
    await applications.stop()
    const differing = await endWithoutMongo(context)
    const quarantine = crossing.retired.flatMap((unit) => unit.quarantine)
    const predicted = checkQuarantine(engine, filled, context.waves.flat(), quarantine)
    return conclude(context, { ...crossing, lostAtTheEnd, source, ...crossed, predicted, differing, started })
  } finally {
    await applications.stop()
  }
}

interface Crossing {
  killed: string[]
  damageFound: boolean
  retired: RetiredUnit[]
  /** Writes of the script past the application that the fence refused. */
  scriptRefused: number
}

/** The walk of every unit, with clients and a script at work from the first step to the last. */
async function crossUnderLoad(context: RehearsalContext): Promise<Crossing> {
  const { waves, stores, writes, load, progress } = context
  const running = runLoad(load, { restMs: restMs.players })
  const script = writePastTheApplication(stores.mongoUrl, stores.databaseName, writes, {
    restMs: restMs.script,
  })
  const crossing: Crossing = { killed: [], damageFound: false, retired: [], scriptRefused: 0 }
  try {
    const troubles = planTrouble(context, {
      onKilled: (name) => crossing.killed.push(name),
      onDamage: (found) => {
        crossing.damageFound = found
      },
    })
    for (const wave of waves) await walkWave(context, wave, troubles)
    await sleep(dwellMs(context))
    for (const unit of waves.flat()) crossing.retired.push(await retireUnit(context, unit))
  } finally {
    load.stopped = true
    await Promise.all([running.stop(), script.stop()])
  }
  progress.done(`load stopped: ${writes.count()} writes acknowledged; ${describeLoad(load.counts)}`)
  progress.done(
    `the script past the application wrote ${script.counts.acknowledged} and was refused ${script.counts.refused} times`,
  )
  return { ...crossing, scriptRefused: script.counts.refused }
}

interface Outcome extends Crossing, CrossedDocuments {
  lostAtTheEnd: LostWrite[]
  source: number
  predicted: QuarantineCheck[]
  /** Reads that the final program answered differently. */
  differing: string[]
  started: number
}

function conclude(
  { waves, writes, load, units, money, notes }: RehearsalContext,
  outcome: Outcome,
): RehearsalReport {
  const { killed, damageFound, retired, source, migrated, expired, predicted, differing } = outcome
  const lost = distinct([...retired.flatMap((unit) => unit.lost), ...outcome.lostAtTheEnd])
  const sum = (of: (unit: RetiredUnit) => number) => retired.reduce((total, unit) => total + of(unit), 0)
  const quarantined = sum((unit) => unit.quarantined)
  const orphans = sum((unit) => unit.orphans)
  const complete = source === migrated + quarantined + expired
  const asPredicted = predicted.every((each) => each.predicted === each.found)
  const found = damageFound || !waves.flat().includes('user')
  return {
    ok:
      lost.length === 0 &&
      differing.length === 0 &&
      complete &&
      asPredicted &&
      orphans === 0 &&
      money.every(({ equal }) => equal) &&
      found &&
      killed.length > 0,
    documents: { source, migrated, quarantined, expired },
    writes: {
      acknowledged: writes.count(),
      refused: load.counts.refused + outcome.scriptRefused,
      lost: lost.length,
    },
    differences: differing.length,
    orphans,
    orphansKept: sum((unit) => unit.orphansKept),
    money,
    units: [...units.values()],
    killed,
    damageFound,
    durationMs: Math.round(performance.now() - outcome.started),
    quarantine: retired.flatMap((unit) => unit.quarantine),
    quarantineAsPredicted: asPredicted,
    quarantinePredicted: predicted,
    lostWrites: lost,
    notes: [...notes, ...differing.map((path) => `the final program answered ${path} differently`)],
  }
}

/** Gate 2 is measured, not assumed: the suites run here, on these servers. */
async function measureContract(
  engine: RehearsalContext['engine'],
  stores: RehearsalStores,
  progress: Progress,
): Promise<void> {
  progress.now('contract suites on both stores')
  const units = await runContractSuites(stores.postgresUrl, stores.mongoUrl)
  await recordContract(engine, { actor: operator, build: engine.config.build, units })
  const passed = Object.values(units).reduce((sum, unit) => sum + unit.mongo.passed + unit.postgres.passed, 0)
  progress.done(`contract suites: ${passed} tests passed on both stores`)
}

function people(): Pick<LoadWorld, 'admin' | 'buyers' | 'sellers'> {
  const { admin, buyers, sellers } = actors()
  const as = (role: LoadActor['role']) => (id: { toHexString(): string }) => ({ id: id.toHexString(), role })
  return { admin: as('admin')(admin), buyers: buyers.map(as('buyer')), sellers: sellers.map(as('seller')) }
}

async function firstCategory(client: LoadWorld['client']): Promise<string> {
  const answer = await client.call('GET', '/api/marketplace/categories')
  const first: unknown = answer.kind === 'done' ? Object.values(answer.data)[0] : undefined
  if (typeof first === 'object' && first !== null && 'id' in first && typeof first.id === 'string')
    return first.id
  throw new Error(`the marketplace shows no category: ${JSON.stringify(answer)}`)
}

function notesOfStores({ mongo }: RehearsalStores): string {
  const clock = 'The clock is scaled: days of watching are seconds.'
  return mongo.kind === 'stand-in'
    ? `${clock} MongoDB is the stand-in. Gates 5 and 9 (days) and 7 (speed) were waived by name.`
    : `${clock} Gates 5 and 9 (days) were waived by name.`
}

/** Which trouble meets which unit; the more units, the more of it. */
function planTrouble(
  context: RehearsalContext,
  report: { onKilled(name: string): void; onDamage(found: boolean): void },
): Map<UnitName, WhileIn> {
  const [north = 'north', south = 'south'] = processNames
  const units = context.waves.flat()
  const troubles = new Map<UnitName, WhileIn>(units.map((unit) => [unit, {}]))
  const of = (unit: UnitName | undefined): WhileIn => (unit === undefined ? {} : (troubles.get(unit) ?? {}))
  const kill = async () => report.onKilled(await killAndRestart(context, north))
  of(units[Math.min(1, units.length - 1)]).mirror = kill
  const last = units.at(-1)
  const away = of(last).shadow
  if (last !== undefined) {
    of(last).shadow = async () => {
      await away?.()
      await takePostgresAway(context, south, last)
    }
  }
  const damaged = of(units.includes('user') ? 'user' : undefined)
  const before = damaged.shadow
  damaged.shadow = async () => {
    await before?.()
    report.onDamage(await damageAndMend(context))
  }
  return troubles
}

async function lookUpAll(context: RehearsalContext): Promise<LostWrite[]> {
  const lost: LostWrite[] = []
  for (const unit of context.waves.flat()) lost.push(...(await lookUpUntilQuiet(context, unit, ['postgres'])))
  context.progress.done(`every acknowledged write looked up in Postgres: ${lost.length} lost`)
  return lost
}

/** Only where every unit has crossed; a part of them still needs MongoDB. */
async function endWithoutMongo(context: RehearsalContext): Promise<string[]> {
  const { stores, engine, progress, notes } = context
  if (context.units.size < engine.config.units.length) {
    notes.push('Not every unit crossed, so the application still needs MongoDB and was not finished.')
    return []
  }
  if (stores.mongo.kind === 'MONGO_URL') {
    notes.push('MONGO_URL is not ours to stop: the end ran with MongoDB present, but not connected.')
  } else {
    await stores.mongo.stop()
    progress.done('MongoDB is stopped')
  }
  return finishWithoutMongo(context)
}

function distinct(lost: LostWrite[]): LostWrite[] {
  return [...new Map(lost.map((write) => [`${write.collection}/${write.id}/${write.path}`, write])).values()]
}
