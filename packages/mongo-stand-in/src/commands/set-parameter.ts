import { Int32 } from 'bson'
import { isGenericArgument } from '../dispatch/generic-arguments.ts'
import { badValue, notSupported } from '../server-error.ts'
import type { Command } from './command.ts'
import { numberField } from './fields.ts'

/** Sets the few parameters that tests turn. */
export const setParameter: Command = {
  name: 'setParameter',
  adminOnly: true,
  run: ({ command, server }) => {
    for (const name of Object.keys(command).slice(1)) {
      if (isGenericArgument(name)) continue
      if (name !== 'cursorTimeoutMillis') throw notSupported(`parameter ${name}`)
    }
    const value = numberField(command, 'cursorTimeoutMillis')
    if (value === undefined || value <= 0) throw badValue('cursorTimeoutMillis must be greater than 0')
    const was = new Int32(server.cursors.idleMs)
    server.cursors.idleMs = value
    return { was }
  },
}
