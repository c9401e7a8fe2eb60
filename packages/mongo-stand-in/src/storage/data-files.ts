import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DamagedFileError } from './frame-reader.ts'

/** The folder holds data in a form that this version does not read. */
export class DataFormatError extends Error {
  override readonly name = 'DataFormatError'
  readonly code = 'STAND_IN_DATA_FORMAT'
}

export interface DataFiles {
  /** Numbers of the segments, ascending and without a gap. */
  readonly segments: readonly number[]
  /** A checkpoint has the number of the first segment that is newer. */
  readonly checkpoints: readonly number[]
  /** Checkpoints that were not finished. */
  readonly unfinished: readonly string[]
}

const FILE = /^(segment|checkpoint)-(\d{9})\.(log|tmp)$/

export function segmentPath(folder: string, number: number): string {
  return join(folder, `segment-${String(number).padStart(9, '0')}.log`)
}

export function checkpointPath(folder: string, number: number): string {
  return join(folder, `checkpoint-${String(number).padStart(9, '0')}.log`)
}

/** Where a checkpoint is written until it is whole. */
export function unfinishedPath(folder: string, number: number): string {
  return join(folder, `checkpoint-${String(number).padStart(9, '0')}.tmp`)
}

/** @throws DataFormatError, DamagedFileError if a segment is missing */
export function listDataFiles(folder: string): DataFiles {
  const segments: number[] = []
  const checkpoints: number[] = []
  const unfinished: string[] = []
  for (const name of readdirSync(folder).toSorted()) {
    if (name === 'writes.log') throw earlierFormat(folder)
    const match = FILE.exec(name)
    if (match === null) continue
    if (match[3] === 'tmp') unfinished.push(join(folder, name))
    else (match[1] === 'segment' ? segments : checkpoints).push(Number(match[2]))
  }
  assertNoneIsMissing(folder, segments, checkpoints.at(-1))
  return { segments, checkpoints, unfinished }
}

/** Makes names that were added to the folder, or taken from it, survive a power cut. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function assertNoneIsMissing(folder: string, segments: number[], checkpoint: number | undefined): void {
  const first = segments[0] ?? checkpoint ?? 1
  const missing = segments.findIndex((number, at) => number !== first + at)
  if (missing !== -1) throw missingFile(segmentPath(folder, first + missing))
  if (first > (checkpoint ?? 1))
    throw missingFile(
      checkpoint === undefined ? checkpointPath(folder, first) : segmentPath(folder, checkpoint),
    )
  if (checkpoint !== undefined && (segments.at(-1) ?? 0) < checkpoint)
    throw missingFile(segmentPath(folder, checkpoint))
}

function missingFile(path: string): DamagedFileError {
  return new DamagedFileError(
    `${path} is missing: the files around it are there. Restore it, or start with an empty data folder.`,
  )
}

function earlierFormat(folder: string): DataFormatError {
  return new DataFormatError(
    `The data folder ${folder} holds a writes.log, the format of an earlier version, which this one does not read. ` +
      'Start with an empty data folder.',
  )
}
