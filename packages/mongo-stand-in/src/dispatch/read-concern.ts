import { type Document, Timestamp } from 'bson'
import type { Command } from '../commands/command.ts'
import { badValue, serverError } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { type ClusterTime, fromTimestamp } from '../storage/cluster-clock.ts'

const LEVELS = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot'])
const SNAPSHOT_READS = new Set(['find', 'aggregate', 'distinct'])

/**
 * The past moment at which a command reads; undefined for the present. All other levels read the newest state: there
 * is one node, and no reply leaves it before everything that it shows is kept in the file.
 */
export function readTime(
  { store }: ServerState,
  { name }: Command,
  readConcern: Document | undefined,
): ClusterTime | undefined {
  const level: unknown = readConcern?.level
  if (readConcern === undefined || level === undefined) return undefined
  if (typeof level !== 'string' || !LEVELS.has(level))
    throw badValue(`Enumeration value '${String(level)}' for field 'readConcern.level' is not a valid value.`)
  if (level !== 'snapshot') return undefined
  if (!SNAPSHOT_READS.has(name)) {
    throw serverError(72, 'InvalidOptions', `read concern level snapshot is not supported by command ${name}`)
  }
  const at: unknown = readConcern.atClusterTime
  const time = at instanceof Timestamp ? fromTimestamp(at) : store.now()
  if (!store.canReadAt(time)) {
    throw serverError(239, 'SnapshotTooOld', 'Read timestamp is older than the oldest available timestamp.')
  }
  return time
}
