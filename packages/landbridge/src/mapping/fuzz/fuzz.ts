import type { Document, Mapping } from '../types.ts'
import { type Checked, checkDocument, planCheck } from './check-document.ts'
import { fuzzDocument } from './fuzz-document.ts'

export interface FuzzOptions {
  documents: number
  /** Document number n has the seed `seed + n`, so that each is made again by its own. */
  seed: number
  onProgress?: (done: number) => void
  /** Takes what was mapped, a batch at a time, e.g. on its way through a database; answers what came back otherwise. */
  trip?: (mapped: readonly Travelling[]) => Promise<FuzzFailure[]>
}

/** A mapped document and what must come back of it. */
export interface Travelling {
  seed: number
  rows: NonNullable<Checked['rows']>
  wanted: Document
}

export interface FuzzFailure {
  seed: number
  violation: string
}

export interface FuzzReport {
  documents: number
  mapped: number
  /** Mapped, with values in `extra`. */
  kept: number
  /** By reason. */
  quarantined: Record<string, number>
  /** Taken by the compiled plan over raw BSON. */
  walked: number
  failures: FuzzFailure[]
}

const TOGETHER = 200
const MAX_FAILURES = 20

/** Streams random documents through a mapping and its compiled form; nothing is kept but counts and failing seeds. */
export async function fuzzMapping(mapping: Mapping, options: FuzzOptions): Promise<FuzzReport> {
  const report: FuzzReport = { documents: 0, mapped: 0, kept: 0, quarantined: {}, walked: 0, failures: [] }
  const plan = planCheck(mapping)
  for (let from = 0; from < options.documents && report.failures.length < MAX_FAILURES; from += TOGETHER) {
    const until = Math.min(from + TOGETHER, options.documents)
    const travelling: Travelling[] = []
    for (let at = from; at < until; at++) {
      const seed = (options.seed + at) >>> 0
      const raw = fuzzDocument(mapping, seed)
      const checked = checkSafely(mapping, raw, idOfSeed(seed))
      count(report, seed, checked)
      if (plan.add(raw, checked, idOfSeed(seed))) report.walked++
      if (checked.rows !== undefined && checked.wanted !== undefined)
        travelling.push({ seed, rows: checked.rows, wanted: checked.wanted })
    }
    if (!plan.agree()) report.failures.push(...findDisagreement(mapping, options.seed + from, until - from))
    if (options.trip !== undefined) report.failures.push(...(await options.trip(travelling)))
    report.documents = until
    options.onProgress?.(until)
  }
  return report
}

/** Where an id map would give the uuid: one for each seed. */
function idOfSeed(seed: number): string {
  return `00000000-0000-8000-8000-${seed.toString(16).padStart(12, '0')}`
}

/** No document may make the mapping throw: that would stop a chunk, and its neighbours with it. */
function checkSafely(mapping: Mapping, raw: Buffer, id: string): Checked {
  try {
    return checkDocument(mapping, raw, id)
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { outcome: 'mapped', violations: [`throws: ${message}`] }
  }
}

function count(report: FuzzReport, seed: number, checked: Checked): void {
  for (const violation of checked.violations) report.failures.push({ seed, violation })
  if (checked.outcome === 'quarantined') {
    const code = checked.code ?? 'unknown'
    report.quarantined[code] = (report.quarantined[code] ?? 0) + 1
  } else report[checked.outcome]++
}

/** The batch once more, one document at a time. */
function findDisagreement(mapping: Mapping, seed: number, count: number): FuzzFailure[] {
  const failures: FuzzFailure[] = []
  for (let at = 0; at < count; at++) {
    const one = (seed + at) >>> 0
    const plan = planCheck(mapping)
    const raw = fuzzDocument(mapping, one)
    plan.add(raw, checkSafely(mapping, raw, idOfSeed(one)), idOfSeed(one))
    if (!plan.agree())
      failures.push({
        seed: one,
        violation: 'the compiled plan makes other rows, or another hash, than the general way',
      })
  }
  if (failures.length > 0) return failures
  return [
    {
      seed,
      violation: `the compiled plan of ${count} documents from here on differs, of each alone it does not`,
    },
  ]
}
