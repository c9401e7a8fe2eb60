import { Timestamp } from 'bson'
import type { Command } from '../commands/command.ts'
import type { CommandContext } from '../commands/context.ts'
import { documentField } from '../commands/fields.ts'
import { majorityReadTime } from '../replication/majority-concern.ts'
import { badValue, serverError } from '../server-error.ts'
import { type ClusterTime, fromTimestamp } from '../storage/cluster-clock.ts'

const LEVELS = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot'])
const SNAPSHOT_READS = new Set(['find', 'aggregate', 'distinct'])

/**
 * The past moment at which a command reads; undefined for the present. A majority read sees the past only where the
 * majority is behind. `linearizable` reads the present and answers when the majority has it.
 */
export async function readTime(context: CommandContext, { name }: Command): Promise<ClusterTime | undefined> {
  const { store } = context.server
  const readConcern = documentField(context.command, 'readConcern')
  const level: unknown = readConcern?.level
  if (readConcern === undefined || level === undefined) return undefined
  if (typeof level !== 'string' || !LEVELS.has(level))
    throw badValue(`Enumeration value '${String(level)}' for field 'readConcern.level' is not a valid value.`)
  if (level === 'majority')
    return store.majority.lag === 0 ? undefined : readable(context, await majorityReadTime(context))
  if (level !== 'snapshot') return undefined
  if (!SNAPSHOT_READS.has(name)) {
    throw serverError(72, 'InvalidOptions', `read concern level snapshot is not supported by command ${name}`)
  }
  const at: unknown = readConcern.atClusterTime
  return readable(context, at instanceof Timestamp ? fromTimestamp(at) : await majorityReadTime(context))
}

function readable({ server }: CommandContext, time: ClusterTime): ClusterTime {
  if (server.store.canReadAt(time)) return time
  throw serverError(239, 'SnapshotTooOld', 'Read timestamp is older than the oldest available timestamp.')
}
