import { Long } from 'bson'
import type { Command } from './command.ts'
import { listField } from './fields.ts'

export const killCursors: Command = {
  name: 'killCursors',
  fields: ['cursors'],
  inTransaction: true,
  run({ command, server }) {
    const ids = listField(command, 'cursors').filter((id) => id instanceof Long)
    const cursorsKilled = ids.filter((id) => server.cursors.kill(id))
    const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id))
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] }
  },
}
