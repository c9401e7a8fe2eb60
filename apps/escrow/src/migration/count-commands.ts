import type { Connection } from 'mongoose'
import { countQuery } from '../platform/query-count.ts'

/** What the driver sends for itself. */
const ofTheDriver = new Set(['hello', 'ismaster', 'ping', 'endsessions'])

/** Every command of this connection, opened with `monitorCommands`, counts on the request that asked for it. */
export function countCommandsOf(connection: Connection): void {
  connection.getClient().on('commandStarted', ({ commandName }) => {
    if (!ofTheDriver.has(commandName.toLowerCase())) countQuery()
  })
}
