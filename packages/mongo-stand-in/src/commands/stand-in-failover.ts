import { Int32, Long } from 'bson'
import { failOver } from '../replication/fail-over.ts'
import type { Command } from './command.ts'

/** Plays the loss of the primary, for tests: `{ standInFailover: 1 }`. No MongoDB has this command. */
export const standInFailover: Command = {
  name: 'standInFailover',
  fields: [],
  async run({ server, client }) {
    const { rolledBack } = await failOver(server, client)
    return { rolledBack: new Int32(rolledBack), term: Long.fromNumber(server.term) }
  },
}
