import type { Document } from 'bson'
import type { Command } from '../commands/command.ts'
import { documentField } from '../commands/fields.ts'
import { failedToParse, type ServerError, serverError } from '../server-error.ts'
import { assertKnownFields } from './generic-arguments.ts'

const READ_CONCERN = ['level', 'afterClusterTime', 'atClusterTime', 'afterOpTime', 'provenance', '$tenant']
const WRITE_CONCERN = ['w', 'j', 'fsync', 'wtimeout', 'provenance', 'getLastError']

const READS = new Set(['find', 'aggregate', 'count', 'distinct'])
const WRITES = new Set(
  `insert update delete findAndModify bulkWrite create createIndexes drop dropDatabase dropIndexes renameCollection
  collMod commitTransaction abortTransaction setFeatureCompatibilityVersion`.split(/\s+/),
)

/** Refuses concerns that make no sense, or that the command cannot have: they would promise what is not kept. */
export function assertConcerns({ name }: Command, command: Document): void {
  const readConcern = documentField(command, 'readConcern')
  if (readConcern !== undefined) {
    assertKnownFields('readConcern', readConcern, READ_CONCERN)
    const { level = 'local' } = readConcern
    // The first command of a transaction, whatever it is, carries the concern of the whole.
    if (
      level !== 'local' &&
      !READS.has(name) &&
      command.startTransaction !== true &&
      command.autocommit !== false
    )
      throw unsupportedConcern(name, `readConcern: { level: "${String(level)}" }`)
  }
  const writeConcern = documentField(command, 'writeConcern')
  if (writeConcern === undefined) return
  assertKnownFields('writeConcern', writeConcern, WRITE_CONCERN)
  assertNumberOfNodes(writeConcern.w)
  if (!WRITES.has(name) && !writesByPipeline(name, command)) throw unsupportedConcern(name, 'writeConcern')
}

function writesByPipeline(name: string, { pipeline }: Document): boolean {
  const last: Document | undefined = Array.isArray(pipeline) ? pipeline.at(-1) : undefined
  return name === 'aggregate' && (last?.$out !== undefined || last?.$merge !== undefined)
}

function assertNumberOfNodes(w: unknown): void {
  if (w === undefined || typeof w === 'string') return
  const number = Number(String(w))
  if (!(number >= 0 && number <= 50))
    throw failedToParse('w has to be a non-negative number and not greater than 50')
}

function unsupportedConcern(name: string, concern: string): ServerError {
  return serverError(72, 'InvalidOptions', `Command ${name} does not support { ${concern} }`)
}
