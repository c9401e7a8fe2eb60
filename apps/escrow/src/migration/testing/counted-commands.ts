import type { Connection } from 'mongoose'
import type { CountStatements } from '../../testing/counted-statements.ts'

/** Counts the commands of a connection that was opened with `monitorCommands`, those that open a session aside. */
export function commandsOf(connection: Connection): CountStatements {
  let sent = 0
  connection.getClient().on('commandStarted', ({ commandName }) => {
    if (!/^(hello|ismaster|ping|endSessions)$/i.test(commandName)) sent += 1
  })
  return async (work) => {
    const before = sent
    await work()
    return sent - before
  }
}
