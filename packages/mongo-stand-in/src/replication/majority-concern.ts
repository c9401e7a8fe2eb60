import { type Document, Int32, Timestamp } from 'bson'
import { type CommandContext, maxTimeExpired, timeLeft } from '../commands/context.ts'
import { documentField, numberField } from '../commands/fields.ts'
import { errorName } from '../error-names.ts'
import { type ClusterTime, fromTimestamp } from '../storage/cluster-clock.ts'
import type { MajorityPoint } from './majority-point.ts'

const WRITES = new Set([
  'insert',
  'update',
  'delete',
  'findAndModify',
  'bulkWrite',
  'commitTransaction',
  'create',
  'createIndexes',
  'drop',
  'dropIndexes',
  'dropDatabase',
  'collMod',
  'renameCollection',
])

/**
 * Waits until a majority has what the command did, or what it read with read concern `linearizable`. A write without a
 * concern of its own has the default one, which is majority.
 *
 * @returns the write concern error if the client's `wtimeout` passes before: the write is done all the same.
 * @throws ServerError MaxTimeMSExpired, or what ended the operation.
 */
export async function majorityHolds(context: CommandContext): Promise<Document | undefined> {
  const { majority, now } = context.server.store
  const time = now()
  if (majority.time() >= time || !waitsForMajority(context)) return undefined
  const wtimeout = numberField(documentField(context.command, 'writeConcern') ?? {}, 'wtimeout') ?? 0
  if (wtimeout === 0) {
    await reached(majority, time, context)
    return undefined
  }
  const timeout = AbortSignal.timeout(wtimeout)
  try {
    await reached(majority, time, context, timeout)
  } catch (error) {
    if (!timeout.aborted || error !== timeout.reason) throw error
    return {
      code: new Int32(64),
      codeName: errorName(64),
      errmsg: 'waiting for replication timed out',
      errInfo: { wtimeout: true },
    }
  }
  return undefined
}

function waitsForMajority({ command, name, transaction }: CommandContext): boolean {
  if (documentField(command, 'readConcern')?.level === 'linearizable') return true
  if (transaction !== undefined && name !== 'commitTransaction') return false
  const w: unknown = documentField(command, 'writeConcern')?.w
  if (w !== undefined && w !== 'majority') return false
  return WRITES.has(name) || (name === 'aggregate' && writesCollection(command.pipeline))
}

function writesCollection(pipeline: unknown): boolean {
  const last: unknown = Array.isArray(pipeline) ? pipeline.at(-1) : undefined
  return typeof last === 'object' && last !== null && ('$out' in last || '$merge' in last)
}

/**
 * The moment at which a read with level `majority` or `snapshot` sees the data: as far as a majority has them, and not
 * before the time that the client has seen already (`afterClusterTime`).
 */
export async function majorityReadTime(context: CommandContext): Promise<ClusterTime> {
  const { majority } = context.server.store
  const after: unknown = documentField(context.command, 'readConcern')?.afterClusterTime
  if (after instanceof Timestamp) await reached(majority, fromTimestamp(after), context)
  return majority.time()
}

async function reached(
  majority: MajorityPoint,
  time: ClusterTime,
  context: CommandContext,
  ...others: AbortSignal[]
): Promise<void> {
  const left = timeLeft(context)
  const deadline = left === undefined ? [] : [AbortSignal.timeout(left)]
  const signal = AbortSignal.any([context.operation.controller.signal, ...others, ...deadline])
  try {
    await majority.reached(time, signal)
  } catch (error) {
    throw deadline.some(({ reason }) => reason === error) ? maxTimeExpired() : error
  }
}
