import { startBackground } from './background.ts'
import { openServerState } from './server-state.ts'
import { abortTransaction } from './transactions/open-transaction.ts'
import { listen } from './wire/listen.ts'

export { DataFormatError } from './storage/data-files.ts'
export { DataFolderLockedError } from './storage/data-folder.ts'
export { DamagedFileError } from './storage/frame-reader.ts'
export { PortInUseError } from './wire/listen.ts'

export interface StandInOptions {
  /** 0, the default, picks a free port. */
  port?: number
  /** Name of the replica set whose only member the server is. `rs0` by default. */
  replicaSet?: string
  /** Folder in which the data stay; without one they end with the server. */
  data?: string
  /** Also wait for the disk at every write: survives a power cut, not only a kill. */
  fsync?: boolean
  /** How much of the past change streams can be resumed from. 256 by default. */
  oplogMegabytes?: number
  /** Size of one file of the log. 32 by default. */
  segmentMegabytes?: number
  /** The files may hold twice the data and this much more before they are compacted. 64 by default. */
  slackMegabytes?: number
  /** Seconds between two rounds of the TTL monitor. 60 by default. */
  ttlIntervalSeconds?: number
  /** Says what the operator must know, as that the disk is full. To stderr by default. */
  report?: (line: string) => void
  /** By how many milliseconds the majority, which is played, is behind. 0 by default. */
  majorityLagMilliseconds?: number
}

export interface StandIn {
  /** The connection string, with the replica set's name. */
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

const MEGABYTE = 1024 * 1024

/**
 * Starts a server that speaks MongoDB's protocol, for tests and demos. Never for production: it has no access control,
 * one node, and keeps everything in memory.
 *
 * @throws PortInUseError, DataFolderLockedError, DamagedFileError, DataFormatError
 */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const { port = 0, replicaSet = 'rs0', data, fsync, report, ttlIntervalSeconds = 60 } = options
  const { oplogMegabytes = 256, segmentMegabytes = 32, slackMegabytes = 64 } = options
  const { majorityLagMilliseconds = 0 } = options
  const server = openServerState({
    data,
    fsync,
    report,
    replicaSet,
    oplogBytes: oplogMegabytes * MEGABYTE,
    segmentBytes: segmentMegabytes * MEGABYTE,
    slackBytes: slackMegabytes * MEGABYTE,
  })
  server.store.majority.setLag(majorityLagMilliseconds)
  try {
    const listener = await listen(server, port)
    server.address = `127.0.0.1:${listener.port}`
    const stopBackground = startBackground(server, { ttlIntervalSeconds })
    return {
      url: `mongodb://127.0.0.1:${listener.port}/?replicaSet=${replicaSet}`,
      port: listener.port,
      close: async () => {
        stopBackground()
        await listener.close()
        // What is open is not kept, as after a kill.
        for (const { transaction } of server.sessions.all())
          if (transaction) abortTransaction(server, transaction)
        await server.store.close()
      },
    }
  } catch (error) {
    await server.store.close()
    throw error
  }
}
