import type { KnownFailure } from './known-failures.ts'
import { type FolderCounts, type RunnerOutcome, type TestFailure, testKey } from './runner-output.ts'

export interface SpecResult {
  readonly folders: ReadonlyArray<FolderCounts & { known: number }>
  /** Failures that are not on the list: each one is a fault of the stand-in. */
  readonly unexpected: readonly TestFailure[]
  /** Failures that are on the list, with the reason that stands there. */
  readonly known: readonly KnownFailure[]
  /** Entries whose test passes by now. */
  readonly noLongerFailing: readonly KnownFailure[]
}

/** Tells the failures that must not be from those that the list explains. Entries whose test did not run say nothing. */
export function compareWithKnown(outcome: RunnerOutcome, list: readonly KnownFailure[]): SpecResult {
  const listed = new Map(list.map((entry) => [testKey(entry), entry]))
  const failed = outcome.failures.map((failure) => ({ failure, entry: listed.get(testKey(failure)) }))
  const known = failed.flatMap(({ entry }) => (entry === undefined ? [] : [entry]))
  const knownIn = (folder: string) => known.filter(({ file }) => file.startsWith(`${folder}/`)).length
  return {
    folders: outcome.folders.map((counts) => ({ ...counts, known: knownIn(counts.folder) })),
    unexpected: failed.flatMap(({ failure, entry }) => (entry === undefined ? [failure] : [])),
    known,
    noLongerFailing: list.filter((entry) => outcome.passed.has(testKey(entry))),
  }
}
